// A copy of a secret, wiped from memory when it is destroyed.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <strings.h>

namespace phial {

/// The text has a NUL at its end. It is one block of memory, however often it is moved: a std::string would leave a
/// copy of a short text in every place it was moved from.
class wiped_text {
  public:
    explicit wiped_text(std::string_view s)
        : size_(s.size()),
          bytes_(std::make_unique_for_overwrite<char[]>(s.size() + 1)) {
        if (!s.empty()) std::memcpy(bytes_.get(), s.data(), s.size());
        bytes_[size_] = '\0';
    }
    wiped_text(wiped_text &&) noexcept = default;
    wiped_text &operator=(wiped_text &&) = delete;
    ~wiped_text() {
        if (bytes_) ::explicit_bzero(bytes_.get(), size_);
    }

    [[nodiscard]] char const *c_str() const noexcept { return bytes_.get(); }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }

  private:
    std::size_t size_;
    std::unique_ptr<char[]> bytes_;
};

} // namespace phial
