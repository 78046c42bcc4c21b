// A request's body, read from its connection while the handler asks for it. Private to the server.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/content_digest.hpp"
#include "phial/server/chunked.hpp"
#include "phial/server/head_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace phial {

class connection;

class incoming_body final : public body_stream {
  public:
    /// `fields` may name digests that the content must have; their views live as long as the request.
    void begin(connection &owner, framing framing_of_body, bool expects_continue, message_limits const &limits,
               fields_view fields);

    task<std::optional<std::string_view>> next() override { return next_into({}); }
    task<std::optional<std::string_view>> next_into(std::span<char> room) override;
    std::optional<std::string_view> whole() override;
    std::optional<std::uint64_t> length() const noexcept override {
        return chunked_ ? std::nullopt : std::optional(length_);
    }
    bool announced() const noexcept override { return announced_; }
    void limit(std::uint64_t most) noexcept override { limit_ = std::min(limit_, most); }

    /// Whether all of it was read.
    [[nodiscard]] bool ended() const noexcept { return chunked_ ? decoder_.done() : left_ == 0; }
    /// Whether the client still waits for 100 (Continue).
    [[nodiscard]] bool awaits_continue() const noexcept { return expects_continue_; }
    /// Whether reading it failed: it is not known what follows on the connection.
    [[nodiscard]] bool broken() const noexcept { return broken_; }

    /// Whether that is because there was more of it than is accepted.
    [[nodiscard]] bool too_large() const noexcept { return too_large_; }

    /// Skips what has arrived, until that is more than `most` bytes; false when the body is broken.
    bool skip_buffered(std::uint64_t most) noexcept;
    /// Bytes that were skipped.
    [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
    /// Bytes still to be read, when Content-Length announced them; else 0.
    [[nodiscard]] std::uint64_t announced_left() const noexcept { return chunked_ ? 0 : left_; }
    /// Whether the bytes that were skipped and those that are announced and not read are more than `n`.
    [[nodiscard]] bool longer_than(std::uint64_t n) const noexcept { return skipped_ + (chunked_ ? 0 : left_) > n; }

  private:
    [[nodiscard]] task<std::size_t> read_more(bool send_continue, std::span<char> room);
    std::string_view take();
    void count_read(std::size_t n) noexcept;
    void begin_reading();

    connection *connection_ = nullptr;
    fields_view fields_;
    std::optional<content_digest> digest_; // to be checked at the end; set when reading begins
    chunk_decoder decoder_;
    std::uint64_t length_ = 0;
    std::uint64_t left_ = 0; // by Content-Length
    std::uint64_t skipped_ = 0;
    std::uint64_t limit_ = 0; // bytes that a chunked body may still have
    bool chunked_ = false;
    bool announced_ = false;
    bool lacks_length_ = false;
    bool expects_continue_ = false;
    bool broken_ = false;
    bool too_large_ = false;
    bool reading_ = false; // has begun
};

} // namespace phial
