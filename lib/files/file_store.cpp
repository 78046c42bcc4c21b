// Fills one block while the pool writes the other.
#include "files/file_store.hpp"

#include "files/temporary_file.hpp"
#include "runtime/worker_pool.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace phial {

// Belongs to the pool while that writes, to the writer otherwise.
struct file_writer::open_file {
    open_file(std::filesystem::path const &folder, std::string target, durability how)
        : temporary(folder),
          name(std::move(target)),
          survives(how) {}

    temporary_file temporary;
    std::string name;
    durability survives;
    block full; // being written
};

file_writer::file_writer(file_store &store, executor const &loop, std::shared_ptr<open_file> file)
    : store_(&store),
      file_(std::move(file)),
      writing_(store.pool_, loop) {}

file_writer::file_writer(file_writer &&) noexcept = default;

file_writer::~file_writer() {
    if (!file_) return;
    store_->abandoned_.fetch_add(1, std::memory_order_relaxed);
    store_->pool_.submit([file = std::move(file_)]() noexcept {}); // closed and unlinked there
}

std::span<char> file_writer::room() noexcept {
    if (!block_) block_ = store_->blocks_.take();
    return block_ ? block_.room() : std::span<char>{};
}

task<> file_writer::write(std::string_view bytes) {
    size_ += bytes.size();
    while (!bytes.empty()) {
        if (!block_) block_ = store_->blocks_.take();
        if (!block_) { // the memory is used up: one block has to do, or none
            co_await writing_.ended();
            std::swap(block_, file_->full);
            block_.clear();
        }
        if (!block_) {
            auto work = [file = file_, bytes] { file->temporary.write(bytes); };
            co_return co_await offload(store_->pool_, std::move(work));
        }
        block_.take(bytes);
        if (block_.full()) co_await write_block();
    }
}

// Begins to write the block, as soon as the one before is written.
task<> file_writer::write_block() {
    co_await writing_.ended();
    std::swap(block_, file_->full);
    block_.clear();
    writing_.begin([file = file_] { file->temporary.write(file->full.content()); });
}

task<> file_writer::commit() {
    if (block_) co_await write_block();
    co_await writing_.ended();
    if (file_->survives == durability::full) {
        auto flush = [file = file_] { file->temporary.flush(); };
        co_await offload(store_->pool_, std::move(flush));
    }
    // A step of its own: a request that was cancelled while the disk was busy does not get here.
    auto replace = [file = std::move(file_)]() mutable {
        file->temporary.replace(file->name);
        if (file->survives == durability::full) file->temporary.flush_folder();
        file.reset();
    };
    co_await offload(store_->pool_, std::move(replace));
    store_->written_.fetch_add(1, std::memory_order_relaxed);
    store_->bytes_.fetch_add(size_, std::memory_order_relaxed);
}

task<file_writer> file_store::create(std::string name) {
    auto work = [this, name = std::move(name)] {
        return std::make_shared<file_writer::open_file>(folder_, name, survives_);
    };
    auto file = co_await offload(pool_, std::move(work));
    auto const loop = co_await boost::asio::this_coro::executor;
    co_return file_writer(*this, loop, std::move(file));
}

file_counts file_store::counts() const noexcept {
    return {written_.load(std::memory_order_relaxed), abandoned_.load(std::memory_order_relaxed),
            bytes_.load(std::memory_order_relaxed)};
}

file_store::~file_store() { pool_.wait_until_idle(); }

} // namespace phial
