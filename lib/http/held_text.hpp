// A text held in memory for a request, counted in the request's account.
#pragma once

#include "phial/http/held_buffer.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

/// A body that was read, or what is made from one. It is used like a std::string, but is not copied by accident. str()
/// makes a copy to keep, which is not counted. Movable. For one thread at a time.
class held_text {
  public:
    /// Not counted.
    held_text() noexcept = default;
    explicit held_text(std::string_view s) { append(s); }
    /// `account` null: not counted.
    explicit held_text(std::shared_ptr<memory_account> account) noexcept : bytes_(std::move(account)) {}

    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.data(), bytes_.size()}; }
    operator std::string_view() const noexcept { return view(); }
    [[nodiscard]] std::string str() const { return std::string(view()); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
    [[nodiscard]] std::size_t capacity() const noexcept { return bytes_.capacity(); }
    [[nodiscard]] std::shared_ptr<memory_account> const &account() const noexcept { return bytes_.account(); }

    /// reserve, append and += throw http_error(413) and http_error(503) as memory_account::take does, and
    /// std::bad_alloc.
    void reserve(std::size_t capacity) { bytes_.reserve(capacity); }
    void append(std::string_view s) { bytes_.append(s.data(), s.size()); }
    held_text &operator+=(std::string_view s) {
        append(s);
        return *this;
    }
    held_text &operator+=(char c) {
        bytes_.push_back(c);
        return *this;
    }

    /// For a caller that writes bytes itself: room(n) makes room for n more, at what it returns, and throws what append
    /// throws; added(n) takes n of them as text.
    [[nodiscard]] char *room(std::size_t n) { return bytes_.room(n); }
    void added(std::size_t n) noexcept { bytes_.added(n); }

    /// Drops everything after the first `size` bytes.
    void resize_down(std::size_t size) noexcept { bytes_.resize_down(size); }

    /// The caller will not read the first `n` bytes again: their whole pages are given back to the system and to the
    /// account. `n` must not be smaller than in the call before.
    void release_front(std::size_t n) noexcept;

    friend bool operator==(held_text const &a, std::string_view b) noexcept { return a.view() == b; }

  private:
    held_buffer<char> bytes_;
    std::size_t released_ = 0; // bytes up to the end of the pages that were given back
};

} // namespace phial
