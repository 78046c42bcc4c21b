#include "phial/files/block_pool.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace phial {
namespace {

// How many free blocks are kept: enough for an upload or two.
constexpr std::size_t most_kept = 4;

} // namespace

block::block(block &&other) noexcept
    : bytes_(std::move(other.bytes_)),
      size_(std::exchange(other.size_, 0)),
      pool_(other.pool_) {}

block &block::operator=(block &&other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(pool_, other.pool_);
    return *this;
}

block::~block() {
    if (bytes_) pool_->give_back(std::move(bytes_));
}

void block::take(std::string_view &bytes) noexcept {
    auto const n = std::min(bytes.size(), capacity - size_);
    if (auto *target = bytes_.get() + size_; target != bytes.data()) std::memcpy(target, bytes.data(), n);
    size_ += n;
    bytes.remove_prefix(n);
}

block_pool::block_pool(std::size_t bytes) : left_(bytes / block::capacity) { kept_.reserve(most_kept); }

block block_pool::take() noexcept {
    block b;
    std::lock_guard const lock(mutex_);
    if (left_ == 0) return b;
    if (!kept_.empty()) {
        b.bytes_ = std::move(kept_.back());
        kept_.pop_back();
    } else {
        try {
            b.bytes_ = std::make_unique_for_overwrite<char[]>(block::capacity);
        } catch (std::bad_alloc const &) {
            return b;
        }
    }
    b.pool_ = this;
    --left_;
    return b;
}

void block_pool::give_back(std::unique_ptr<char[]> bytes) noexcept {
    std::lock_guard const lock(mutex_);
    ++left_;
    if (kept_.size() < most_kept) kept_.push_back(std::move(bytes));
}

} // namespace phial
