// The coroutine fills one block while the pool writes the other.
#include "phial/files/file_store.hpp"

#include "phial/files/temporary_file.hpp"
#include "phial/runtime/worker_pool.hpp"

#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <exception>
#include <utility>

namespace phial {

// What the pool works on. It owns all it needs, because the writer may be destroyed before the disk responds. Used by
// the step that is under way, otherwise by the writer.
struct file_writer::open_file {
    open_file(file_store &store, std::string target, std::uint64_t announced)
        : share(std::in_place, store.account_, announced),
          name(std::move(target)) {}

    // Releases everything but the name.
    void close() noexcept {
        temporary.reset();
        full = block();
        share.reset();
    }

    std::optional<upload_share> share; // given back when the file is closed and, if it is still there, removed
    std::optional<temporary_file> temporary;
    std::string name;
    block full;                          // being written
    std::atomic<bool> abandoned = false; // the writer was destroyed
};

file_writer::file_writer(file_store &store, executor const &loop, std::shared_ptr<open_file> file)
    : store_(&store),
      file_(std::move(file)),
      writing_(store.pool_, loop) {}

file_writer::file_writer(file_writer &&) noexcept = default;

file_writer::~file_writer() {
    if (!file_ || committed_) return;
    file_->abandoned = true;
    try {
        store_->pool_.submit([file = std::move(file_)]() noexcept {}); // closed and unlinked there
    } catch (std::exception const &) { // NOLINT(bugprone-empty-catch): no memory; it is closed and unlinked here
    }
}

// Runs a step on the pool.
template <class F>
void file_writer::begin(F step) {
    writing_.begin([file = file_, step = std::move(step)]() mutable {
        if (file->abandoned) return; // before this step began
        try {
            step(*file);
        } catch (...) {
            file->share->set_result(upload_share::result::failed);
            file->close(); // gives its room back before the failure is reported
            throw;
        }
    });
}

std::span<char> file_writer::room() noexcept {
    if (!block_) block_ = store_->blocks_.take();
    return block_ ? block_.room() : std::span<char>{};
}

task<> file_writer::create(std::optional<std::uint64_t> length) {
    begin([folder = store_->folder_, prefix = store_->prefix_, length](open_file &file) {
        if (length) require_free_space(folder, *length);
        file.temporary.emplace(folder, prefix);
    });
    co_await writing_.ended();
}

task<> file_writer::write(std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
        if (!block_) block_ = store_->blocks_.take();
        if (!block_) { // the memory is used up: continue with one block, or with none
            co_await writing_.ended();
            std::swap(block_, file_->full);
            block_.clear();
        }
        if (!block_) {
            file_->share->add(bytes.size());
            begin([own = std::string(bytes)](open_file &file) { file.temporary->write(own); });
            co_return co_await writing_.ended();
        }
        block_.take(bytes);
        if (block_.full()) co_await write_block();
    }
}

// Begins to write the block when the previous one is written.
task<> file_writer::write_block() {
    co_await writing_.ended();
    hand_over_block();
    begin([](open_file &file) { file.temporary->write(file.full.content()); });
}

void file_writer::hand_over_block() {
    file_->share->add(block_.content().size());
    std::swap(block_, file_->full);
    block_.clear();
}

task<> file_writer::commit() {
    co_await writing_.ended();
    bool const rest = static_cast<bool>(block_);
    if (rest) hand_over_block();
    begin([rest, flush = store_->survives_ == durability::full](open_file &file) {
        if (rest) file.temporary->write(file.full.content());
        if (flush) file.temporary->flush();
        if (file.abandoned) return; // while the disk was busy
        file.temporary->replace(file.name);
        if (flush) file.temporary->flush_folder();
        file.share->set_result(upload_share::result::written);
        file.close();
    });
    co_await writing_.ended();
    committed_ = true;
}

task<file_writer> file_store::create(std::string name, std::optional<std::uint64_t> length) {
    auto file = std::make_shared<file_writer::open_file>(*this, std::move(name), length.value_or(0));
    auto const loop = co_await boost::asio::this_coro::executor;
    file_writer writer(*this, loop, std::move(file));
    co_await writer.create(length);
    co_return writer;
}

file_store::~file_store() { pool_.wait_until_idle(); }

} // namespace phial
