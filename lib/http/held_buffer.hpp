// A growing array whose memory is counted in a request's account before it is allocated.
#pragma once

#include "phial/http/memory_account.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace phial {

/// Contiguous elements, as in std::vector, for plain types. It grows by realloc: the kernel moves the pages of a large
/// buffer instead of copying them, so growing does not need twice the memory. Movable, one owner at a time.
template <class T>
    requires std::is_trivially_copyable_v<T>
class held_buffer {
  public:
    /// Not counted.
    held_buffer() noexcept = default;
    /// `account` null: not counted.
    explicit held_buffer(std::shared_ptr<memory_account> account) noexcept : share_(std::move(account)) {}
    held_buffer(held_buffer &&other) noexcept
        : share_(std::move(other.share_)),
          elements_(std::move(other.elements_)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    ~held_buffer() {
        if (capacity_ * sizeof(T) >= memory_account::long_free && account() != nullptr) {
            auto const kept = account(); // a copy: share_ is moved
            kept->free_block(elements_.release(), std::move(share_));
        }
    }
    held_buffer &operator=(held_buffer &&other) noexcept {
        std::swap(share_, other.share_);
        std::swap(elements_, other.elements_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        return *this;
    }

    [[nodiscard]] T *data() noexcept { return elements_.get(); }
    [[nodiscard]] T const *data() const noexcept { return elements_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T &operator[](std::size_t i) noexcept { return data()[i]; }
    [[nodiscard]] T const &operator[](std::size_t i) const noexcept { return data()[i]; }
    [[nodiscard]] T &back() noexcept { return data()[size_ - 1]; }
    [[nodiscard]] T *begin() noexcept { return data(); }
    [[nodiscard]] T *end() noexcept { return data() + size_; }
    [[nodiscard]] T const *begin() const noexcept { return data(); }
    [[nodiscard]] T const *end() const noexcept { return data() + size_; }

    [[nodiscard]] std::shared_ptr<memory_account> const &account() const noexcept { return share_.account(); }

    /// Makes room for exactly `capacity` elements, or does nothing if there is more already. Throws what
    /// memory_account::take throws, and std::bad_alloc.
    void reserve(std::size_t capacity) {
        if (capacity <= capacity_) return;
        auto const more = (capacity - capacity_) * sizeof(T);
        share_.grow(more);
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): what this class is for
        auto *grown = static_cast<T *>(std::realloc(elements_.get(), capacity * sizeof(T)));
        if (grown == nullptr) {
            share_.resize_down(share_.bytes() - more);
            throw std::bad_alloc();
        }
        (void)elements_.release();
        elements_.reset(grown);
        capacity_ = capacity;
    }

    /// push_back and append throw what reserve throws.
    void push_back(T element) {
        if (size_ == capacity_) grow(1);
        elements_.get()[size_++] = element;
    }
    void append(T const *elements, std::size_t n) {
        if (n == 0) return;
        if (n > capacity_ - size_) grow(n);
        std::memcpy(elements_.get() + size_, elements, n * sizeof(T));
        size_ += n;
    }

    /// For a caller that writes elements itself: room(n) makes room for n more, at what it returns; added(n) takes n of
    /// them as elements. room throws what reserve throws.
    [[nodiscard]] T *room(std::size_t n) {
        if (n > capacity_ - size_) grow(n);
        return elements_.get() + size_;
    }
    void added(std::size_t n) noexcept { size_ += n; }

    /// Drops the elements from `size` on; keeps the memory.
    void resize_down(std::size_t size) noexcept { size_ = std::min(size, size_); }

    /// Gives bytes back to the account: their pages have been given back to the system.
    void uncount(std::uint64_t bytes) noexcept { share_.resize_down(share_.bytes() - std::min(bytes, share_.bytes())); }

  private:
    struct free_elements {
        // NOLINTNEXTLINE(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
        void operator()(T *p) const noexcept { std::free(p); }
    };

    // A large buffer grows by a quarter: room that was not written to is counted, but is not yet memory.
    void grow(std::size_t n) {
        constexpr std::size_t small = 64 * 1024;
        auto const needed = size_ + n;
        auto const wanted = capacity_ * sizeof(T) < small ? capacity_ * 2 : capacity_ + capacity_ / 4;
        reserve(std::max({needed, wanted, std::size_t{64} / sizeof(T) + 1}));
    }

    memory_share share_;
    std::unique_ptr<T, free_elements> elements_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace phial
