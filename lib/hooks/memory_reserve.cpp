// Replaces operator new and delete of the whole process: malloc first, then the reserve.
#include "phial/hooks/memory_reserve.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace phial {
namespace {

// Zero pages until they are used. Blocks that were given back form a list; those from `fresh_` on were never used.
class reserve {
  public:
    static constexpr std::size_t block_size = 2048;
    static constexpr std::size_t block_count = 2048;

    void *take() noexcept {
        std::lock_guard const lock(mutex_);
        used_.fetch_add(1, std::memory_order_relaxed);
        if (free_ != nullptr) return std::exchange(free_, free_->next);
        if (fresh_ < block_count) return &blocks_[fresh_++];
        used_.fetch_sub(1, std::memory_order_relaxed);
        return nullptr;
    }

    [[nodiscard]] bool owns(void const *p) const noexcept {
        std::less<> const precedes;
        return !precedes(p, blocks_.data()) && precedes(p, blocks_.data() + block_count);
    }

    void give_back(void *p) noexcept {
        std::lock_guard const lock(mutex_);
        free_ = std::construct_at(static_cast<node *>(p), node{free_});
        used_.fetch_sub(1, std::memory_order_relaxed);
    }

    [[nodiscard]] bool is_low() const noexcept { return used_.load(std::memory_order_relaxed) > block_count / 4; }

  private:
    struct node {
        node *next;
    };
    struct alignas(std::max_align_t) block {
        std::byte bytes[block_size] = {};
    };

    std::mutex mutex_;
    std::atomic<std::size_t> used_ = 0;
    node *free_ = nullptr;
    std::size_t fresh_ = 0;
    std::array<block, block_count> blocks_{};
};

// Global, as operator new is.
constinit reserve small_blocks;

} // namespace

bool memory_reserve_is_low() noexcept { return small_blocks.is_low(); }

} // namespace phial

// The sanitizers bring their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)

void *operator new(std::size_t size) {
    for (;;) {
        if (void *p = std::malloc(std::max<std::size_t>(size, 1)); p != nullptr) [[likely]]
            return p;
        if (size <= phial::reserve::block_size)
            if (void *p = phial::small_blocks.take()) return p;
        auto const handler = std::get_new_handler();
        if (handler == nullptr) throw std::bad_alloc();
        handler();
    }
}

void operator delete(void *p) noexcept {
    if (phial::small_blocks.owns(p)) [[unlikely]]
        phial::small_blocks.give_back(p);
    else
        std::free(p);
}

void operator delete(void *p, std::size_t) noexcept { operator delete(p); }

#endif
