// Bodies as streams: next() until there is nothing more.
#pragma once

#include "phial/http/held_text.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/runtime/task.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// A source of bytes, pulled by one reader: a request's body, or what a response streams.
class body_stream {
  public:
    virtual ~body_stream() = default;

    /// The next bytes, never empty; nothing at the end. The view lives until the next call. For a request it throws
    /// http_error: 400 when the framing is broken or the client ends too early, 408 when it is too slow, 413 when more
    /// comes than is allowed. After a throw or the end it is not to be called again.
    [[nodiscard]] virtual task<std::optional<std::string_view>> next() = 0;

    /// As next(), for a caller that copies the bytes to `room` anyway: they may be there already, from its beginning,
    /// but need not. `room` lives until this has returned; it may be empty.
    [[nodiscard]] virtual task<std::optional<std::string_view>> next_into(std::span<char> room);

    /// The length in bytes when it is known beforehand.
    [[nodiscard]] virtual std::optional<std::uint64_t> length() const noexcept = 0;

    /// The bytes of memory a response's stream holds before they are sent: a client has to take those within
    /// server_options::hold_seconds. 0 for one that makes its bytes when it is asked for them.
    [[nodiscard]] virtual std::uint64_t held() const noexcept { return 0; }

    /// Whether there is a body, be it empty: a request without Content-Length and Transfer-Encoding has none, which
    /// reads as an empty one.
    [[nodiscard]] virtual bool announced() const noexcept { return true; }
};

/// A body that is in memory already.
class string_body final : public body_stream {
  public:
    explicit string_body(std::string content) : content_(std::move(content)) {}
    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override { return content_.size(); }

  private:
    std::string content_;
    bool given_ = false;
};

/// What a response is made of when it is large: texts that are held already, sent one after the other without being
/// copied. The memory of each is given back as the client takes it, unless somebody else shares it.
class held_body final : public body_stream {
  public:
    explicit held_body(std::vector<std::shared_ptr<held_text>> texts);
    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override { return length_; }
    std::uint64_t held() const noexcept override { return length_; }

  private:
    std::vector<std::shared_ptr<held_text>> texts_;
    std::uint64_t length_ = 0;
    std::size_t text_ = 0;  // the one being given
    std::size_t given_ = 0; // bytes of it
};

/// Reads a body to its end. Throws http_error(413) when it is longer than `limit` bytes (from its announced length,
/// before anything is read), what memory_account::take throws, and what next() throws.
[[nodiscard]] task<held_text> read_all(body_stream &body, std::uint64_t limit, std::shared_ptr<memory_account> account);

} // namespace phial
