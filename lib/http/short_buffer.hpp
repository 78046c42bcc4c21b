// A held_buffer that needs no memory for its first elements.
#pragma once

#include "phial/http/held_buffer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

namespace phial {

/// Elements of which there are seldom more than N: the first N are inside of the object. The others are counted in the
/// account, and may throw what memory_account::take throws.
template <class T, std::size_t N>
class short_buffer {
  public:
    explicit short_buffer(std::shared_ptr<memory_account> const &account) noexcept : rest_(account) {}
    short_buffer(short_buffer const &) = delete;
    short_buffer &operator=(short_buffer const &) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] T &operator[](std::size_t i) noexcept { return elements_[i]; }
    [[nodiscard]] T const &operator[](std::size_t i) const noexcept { return elements_[i]; }
    [[nodiscard]] T &back() noexcept { return elements_[size_ - 1]; }
    [[nodiscard]] std::shared_ptr<memory_account> const &account() const noexcept { return rest_.account(); }

    void push_back(T const &element) {
        if (size_ == capacity_) grow();
        elements_[size_++] = element;
    }
    void pop_back() noexcept { --size_; }
    void resize_down(std::size_t size) noexcept { size_ = std::min(size, size_); }

  private:
    [[gnu::noinline]] void grow() {
        if (elements_ == first_.data()) {
            rest_.reserve(4 * N);
            rest_.append(elements_, size_);
        }
        rest_.added(size_ - rest_.size());
        (void)rest_.room(1);
        elements_ = rest_.data();
        capacity_ = rest_.capacity();
    }

    std::array<T, N> first_;
    held_buffer<T> rest_;
    T *elements_ = first_.data();
    std::size_t size_ = 0;
    std::size_t capacity_ = N;
};

} // namespace phial
