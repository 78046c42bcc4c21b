#include "phial/files/file_body.hpp"

#include "phial/runtime/background_work.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace phial {

std::span<char> file_body::reading::room() {
    auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(reader.left(), block_size));
    if (!block) block = std::make_unique_for_overwrite<char[]>(wanted); // the first is the largest
    return {block.get(), wanted};
}

file_body::file_body(worker_pool &pool, file_reader reader, memory_share memory)
    : pool_(pool),
      length_(reader.left()),
      left_(length_),
      reading_(std::make_shared<reading>(std::move(reader))),
      memory_(std::move(memory)) {}

file_body::~file_body() {
    if (left_ == 0) return; // it was read to its end, and closed
    try {
        pool_.submit([r = std::move(reading_)]() noexcept {}); // closed there: that may take long
    } catch (std::exception const &) { // NOLINT(bugprone-empty-catch): no memory; it is closed here
    }
}

void file_body::begin() { reading_->size = reading_->reader.read(reading_->room()); }

task<std::optional<std::string_view>> file_body::next() {
    if (left_ == 0) co_return std::nullopt;
    auto &r = *reading_;
    if (r.size == 0) r.size = r.reader.read_cached(r.room());
    if (r.size == 0) {
        background_work work(pool_, co_await boost::asio::this_coro::executor);
        work.begin([own = reading_] { own->size = own->reader.read(own->room()); });
        co_await work.ended();
    }
    auto const n = std::exchange(r.size, 0);
    left_ -= n;
    co_return std::string_view(r.block.get(), n);
}

} // namespace phial
