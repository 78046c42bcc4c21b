// What a handler returns: status code, header fields, and a body that is whole or a stream.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/body_builder.hpp"
#include "phial/http/field_lines.hpp"
#include "phial/http/json.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

class http_error;
class request;

/// A string literal. Content types are nearly always literals, so they are stored without a copy.
struct literal {
    template <std::size_t N>
    consteval literal(char const (&s)[N]) : text(s, N - 1) {}
    std::string_view text;
};

/// A response. Movable. The server sets the fields that frame it (Content-Length, Transfer-Encoding, Connection, Date,
/// Server); they cannot be set here.
class response {
  public:
    explicit response(unsigned status = 200) noexcept : status_(status) {}
    response(literal content_type, std::string body) noexcept : type_(content_type.text), body_(std::move(body)) {}
    response(literal content_type, body_builder &&body)
        : type_(content_type.text),
          body_(body.take_small()),
          stream_(body.take_large()) {}

    response &status(unsigned value) & noexcept {
        status_ = value;
        return *this;
    }
    response &&status(unsigned value) && noexcept { return std::move(status(value)); }
    [[nodiscard]] unsigned status() const noexcept { return status_; }

    /// Sets a header field, replacing every field line with that name. Throws std::invalid_argument when the name is
    /// not a token, when the value holds control characters (a line end would begin another field), or when the field
    /// is one that the server sets.
    response &set(std::string_view name, std::string_view value) &;
    response &&set(std::string_view name, std::string_view value) && { return std::move(set(name, value)); }

    /// Adds one more field line with that name. Throws as set does.
    response &add(std::string_view name, std::string_view value) &;
    response &&add(std::string_view name, std::string_view value) && { return std::move(add(name, value)); }

    /// The same for a literal, add("Vary: Accept"): the compiler has checked it.
    response &add(literal_field field) & {
        if (line_.empty() && !lines_)
            line_ = field.line;
        else
            lines().append(field.line).append("\r\n");
        return *this;
    }
    response &&add(literal_field field) && { return std::move(add(field)); }

    /// Adds the header fields of an error, in the same way.
    response &add_fields_of(http_error const &e) &;

    /// The value of the first field line with that name; the view lives until the next change. Empty if there is none.
    [[nodiscard]] std::string_view get(std::string_view name) const noexcept {
        if (!type_.empty() && iequals(name, "Content-Type")) return type_;
        return line_.empty() && !lines_ ? std::string_view() : find(name);
    }

    [[nodiscard]] std::string const &body() const noexcept { return body_; }
    [[nodiscard]] std::string &body() noexcept { return body_; }

    /// Makes the body a stream, which the server reads while it writes. Without a length it is sent chunked. The stream
    /// may refer to the request and to what outlives the server, but not to variables of the handler, which has ended.
    response &stream(std::unique_ptr<body_stream> source) & noexcept {
        stream_ = std::move(source);
        return *this;
    }
    response &&stream(std::unique_ptr<body_stream> source) && noexcept { return std::move(stream(std::move(source))); }
    [[nodiscard]] body_stream *stream() const noexcept { return stream_.get(); }
    /// Leaves the response without a stream.
    [[nodiscard]] std::unique_ptr<body_stream> take_stream() noexcept { return std::move(stream_); }

    /// The content type if a literal set it, else empty.
    [[nodiscard]] std::string_view content_type_literal() const noexcept { return type_; }
    /// The first field line if a literal added it, without CR LF, else empty.
    [[nodiscard]] std::string_view field_line_literal() const noexcept { return line_; }
    /// The other field lines as they are sent, each ended by CR LF. The view lives until the next change.
    [[nodiscard]] std::string_view field_lines() const noexcept {
        return lines_ ? std::string_view(*lines_) : std::string_view();
    }

  private:
    [[nodiscard]] std::string &lines() { return lines_ ? *lines_ : lines_.emplace(); }
    void remove(std::string_view name);
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept; // not in type_

    unsigned status_ = 200;
    std::string_view type_;
    // Most responses have no line, or one that is a literal. A string that is not there is moved faster than an empty
    // one.
    std::string_view line_;
    std::optional<std::string> lines_;
    std::string body_;
    std::unique_ptr<body_stream> stream_;
};

namespace detail {
template <class Part>
concept is_held = std::same_as<std::remove_cvref_t<Part>, held_text>;

inline std::shared_ptr<memory_account> const *account_of(auto const &) { return nullptr; }
inline std::shared_ptr<memory_account> const *account_of(held_text const &text) {
    return text.account() ? &text.account() : nullptr;
}
inline std::size_t held_size(auto const &) { return 0; }
inline std::size_t held_size(held_text const &text) { return text.size(); }

inline void append_to_body(body_builder &body, held_text &&part) { body.share(std::move(part)); }
template <class Part>
    requires(!std::same_as<Part, held_text>)
void append_to_body(body_builder &body, Part const &part) {
    if constexpr (std::convertible_to<Part const &, std::string_view>)
        body += std::string_view(part);
    else
        body += std::string_view(concat(part));
}
} // namespace detail

/// 200, text/plain in UTF-8, with the parts joined by concat().
template <class... Parts>
    requires(!(detail::is_held<Parts> || ...))
[[nodiscard]] response text(Parts const &...parts) {
    return {"text/plain; charset=utf-8", concat(parts...)};
}

/// The same; a held_text that is moved in is sent without a copy.
template <class... Parts>
    requires(detail::is_held<Parts> || ...)
[[nodiscard]] response text(Parts &&...parts) {
    auto const held = (detail::held_size(parts) + ...);
    if (held <= body_builder::small_body) return {"text/plain; charset=utf-8", concat(parts...)};
    std::shared_ptr<memory_account> const none, *account = nullptr;
    ((account = account != nullptr ? account : detail::account_of(parts)), ...);
    body_builder body(account != nullptr ? *account : none);
    (detail::append_to_body(body, std::forward<Parts>(parts)), ...);
    return {"text/plain; charset=utf-8", std::move(body)};
}

/// 200, text/html in UTF-8. `page` is sent unchanged: escape what comes from outside (html_escape in lib/text).
[[nodiscard]] response html(std::string page);

/// 200, application/json, ended by a new line; indented in debug mode, else compact. An object given by its members is
/// written directly into the body, and counted in the request's account if it is large.
[[nodiscard]] response jsonify(request const &rq, json const &value);
[[nodiscard]] response jsonify(request const &rq, std::initializer_list<json_member> members);

/// A redirect to `location`, which must be a URI reference (see url_for).
[[nodiscard]] response redirect(std::string_view location, unsigned status = 302);

} // namespace phial
