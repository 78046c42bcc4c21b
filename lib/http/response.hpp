// What a handler answers: status, header fields, and a body that is whole or a stream.
#pragma once

#include "http/body.hpp"
#include "http/concat.hpp"
#include "http/json.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

class request;

/// A string literal. Content types are nearly always one, so they are kept without a copy.
struct literal {
    template <std::size_t N>
    consteval literal(char const (&s)[N]) : text(s, N - 1) {}
    std::string_view text;
};

/// A response. Movable. What frames it on the wire (Content-Length, Transfer-Encoding, Connection, Date, Server) is the
/// server's and cannot be set.
class response {
  public:
    explicit response(unsigned status = 200) noexcept : status_(status) {}
    response(literal content_type, std::string body) noexcept : type_(content_type.text), body_(std::move(body)) {}

    response &status(unsigned value) & noexcept {
        status_ = value;
        return *this;
    }
    response &&status(unsigned value) && noexcept { return std::move(status(value)); }
    [[nodiscard]] unsigned status() const noexcept { return status_; }

    /// Sets a header field, replacing every line of that name. Throws std::invalid_argument when the name is no token,
    /// the value holds control characters (a line end would begin another header), or the field is the server's.
    response &set(std::string_view name, std::string_view value) &;
    response &&set(std::string_view name, std::string_view value) && { return std::move(set(name, value)); }

    /// Adds one more line of that name. Throws as set does.
    response &add(std::string_view name, std::string_view value) &;
    response &&add(std::string_view name, std::string_view value) && { return std::move(add(name, value)); }

    /// The value of the first line of that name, as a view that lives until the next change; empty when there is none.
    [[nodiscard]] std::string_view get(std::string_view name) const noexcept;

    [[nodiscard]] std::string const &body() const noexcept { return body_; }
    [[nodiscard]] std::string &body() noexcept { return body_; }

    /// Makes the body a stream; the server pulls it while it writes. Without a length it is sent chunked. The stream
    /// may refer to what outlives the server only: the request is still there, the handler is not.
    response &stream(std::unique_ptr<body_stream> source) & noexcept {
        stream_ = std::move(source);
        return *this;
    }
    response &&stream(std::unique_ptr<body_stream> source) && noexcept { return std::move(stream(std::move(source))); }
    [[nodiscard]] body_stream *stream() const noexcept { return stream_.get(); }

    /// The content type set by a literal, empty when it is a field line (or absent).
    [[nodiscard]] std::string_view content_type_literal() const noexcept { return type_; }
    /// The field lines as they go on the wire, each ended by CR LF.
    [[nodiscard]] std::string const &field_lines() const noexcept { return lines_; }

  private:
    void remove(std::string_view name);

    unsigned status_ = 200;
    std::string_view type_;
    std::string lines_;
    std::string body_;
    std::unique_ptr<body_stream> stream_;
};

/// 200, text/plain in UTF-8, the parts as concat() joins them.
template <class... Parts>
[[nodiscard]] response text(Parts const &...parts) {
    return {"text/plain; charset=utf-8", concat(parts...)};
}

/// 200, text/html in UTF-8. `page` is sent as it is: escape what came from outside (html_escape in lib/errors).
[[nodiscard]] response html(std::string page);

/// 200, application/json, ended by a new line; indented in debug mode, compact otherwise.
[[nodiscard]] response jsonify(request const &rq, json const &value);

/// A redirect to `location`, which must be a URI reference (see url_for).
[[nodiscard]] response redirect(std::string_view location, unsigned status = 302);

} // namespace phial
