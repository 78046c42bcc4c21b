// Bodies as streams: call next() until it returns nothing.
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

class http_error;

/// A source of bytes with one reader: the body of a request, or of a response that is streamed.
class body_stream {
  public:
    virtual ~body_stream() = default;

    /// The next bytes, never empty; nothing at the end. The view lives until the next call. For a request it throws
    /// http_error: 400 when the framing is malformed or the client ends too early, 408 when the client is too slow, 413
    /// when the body is larger than allowed. Do not call it again after the end or an exception.
    [[nodiscard]] virtual task<std::optional<std::string_view>> next() = 0;

    /// As next(), for a caller that will copy the bytes to `room` anyway: they may already be at the beginning of
    /// `room`, but need not be. `room` lives until this has returned; it may be empty.
    [[nodiscard]] virtual task<std::optional<std::string_view>> next_into(std::span<char> room);

    /// All content, if it has arrived already and none of it was read: then it is read, and the end too, without a wait
    /// or a coroutine. The view lives as long as one of next(). Throws what next() throws.
    [[nodiscard]] virtual std::optional<std::string_view> whole() { return std::nullopt; }

    /// The length in bytes, if it is known in advance.
    [[nodiscard]] virtual std::optional<std::uint64_t> length() const noexcept = 0;

    /// The bytes of memory that a response's stream holds until they are sent: the client must take them within
    /// server_options::hold_seconds. 0 for a stream that makes its bytes only when next() is called.
    [[nodiscard]] virtual std::uint64_t held() const noexcept { return 0; }

    /// Whether a response's stream has no natural end: it is ended properly when the service stops, while any other may
    /// still take the time for draining.
    [[nodiscard]] virtual bool is_endless() const noexcept { return false; }
    /// Bytes without a meaning, to be sent while an endless stream has had none for a while: proxies close connections
    /// on which nothing comes. The view lives until the next call of any function; empty: none now. It may be called
    /// while next() waits.
    [[nodiscard]] virtual std::string_view heartbeat() { return {}; }

    /// Of a request's body that has not been read yet: it may have at most `most` bytes, and at most what it could have
    /// before: next() throws http_error(413). Other bodies ignore it.
    virtual void limit(std::uint64_t most) noexcept { (void)most; }

    /// Whether the request has a body, which may be empty. A request without Content-Length and Transfer-Encoding has
    /// none; it reads as an empty one.
    [[nodiscard]] virtual bool announced() const noexcept { return true; }
};

/// A body that is already in memory.
class string_body final : public body_stream {
  public:
    explicit string_body(std::string content) : content_(std::move(content)) {}
    task<std::optional<std::string_view>> next() override;
    std::optional<std::string_view> whole() override;
    std::optional<std::uint64_t> length() const noexcept override { return content_.size(); }

  private:
    std::string content_;
    bool given_ = false;
};

/// The body of a large response: texts that are already in memory, sent one after the other without a copy. The memory
/// of each is given back as the client takes it, unless the text is shared.
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
    std::size_t given_ = 0; // bytes of it that were given
};

/// The error of a body with more than `limit` bytes: 413.
[[nodiscard]] http_error body_too_large(std::uint64_t limit);

/// All of a body that has arrived whole (see body_stream::whole), without a copy; nothing if it has not. Throws what
/// read_all throws.
[[nodiscard]] std::optional<std::string_view> arrived_content(body_stream &body, std::uint64_t limit,
                                                              std::shared_ptr<memory_account> const &account);

/// Reads a body to its end. Throws http_error(413) when it is longer than `limit` bytes (before reading, if the length
/// is announced), what memory_account::take throws, and what next() throws.
[[nodiscard]] task<held_text> read_all(body_stream &body, std::uint64_t limit, std::shared_ptr<memory_account> account);

} // namespace phial
