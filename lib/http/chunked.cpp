// Decodes the chunked transfer coding.
#include "http/chunked.hpp"

#include "http/ascii.hpp"
#include "http/http_error.hpp"

#include <algorithm>

namespace phial {
namespace {

[[noreturn]] void malformed() { throw http_error(400, "The chunked coding of the body is malformed."); }

bool is_control(char c) noexcept { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

} // namespace

std::string_view chunk_decoder::next(std::string_view &input) {
    while (!input.empty() && state_ != state::done) {
        if (state_ == state::data) {
            auto const content =
                input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
            input.remove_prefix(content.size());
            left_ -= content.size();
            if (left_ == 0) state_ = state::data_cr;
            return content;
        }
        take(input.front());
        input.remove_prefix(1);
    }
    return {};
}

void chunk_decoder::take(char c) {
    switch (state_) {
    case state::size:
        if (++line_ > max_line) malformed();
        if (hex_value(c) >= 0) {
            if (++digits_ > 16) malformed();
            left_ = left_ * 16 + static_cast<unsigned>(hex_value(c));
        } else if (digits_ == 0) {
            malformed();
        } else if (c == '\r') {
            state_ = state::size_lf;
        } else if (c == ';' || c == ' ' || c == '\t') { // white space may stand before an extension's semicolon
            in_name_ = c == ';';
            state_ = state::extension;
        } else {
            malformed();
        }
        return;
    case state::extension:
        if (++line_ > max_line || ++extensions_ > max_extensions) malformed();
        if (!in_name_) { // until the first semicolon
            if (c != ';' && c != ' ' && c != '\t') malformed();
            in_name_ = c == ';';
        } else if (c == '\r' && !quoted_) {
            state_ = state::size_lf;
        } else if (is_control(c)) {
            malformed();
        } else if (escaped_) {
            escaped_ = false;
        } else if (quoted_ && c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            quoted_ = !quoted_;
        }
        return;
    case state::size_lf:
        if (c != '\n') malformed();
        line_ = digits_ = 0;
        in_name_ = true;
        line_empty_ = true;
        state_ = left_ == 0 ? state::trailer : state::data;
        return;
    case state::data_cr:
        if (c != '\r') malformed();
        state_ = state::data_lf;
        return;
    case state::data_lf:
        if (c != '\n') malformed();
        state_ = state::size;
        return;
    case state::trailer:
        if (++trailers_ > max_trailers) malformed();
        if (c == '\r') {
            if (!line_empty_ && in_name_) malformed(); // a line without a colon
            state_ = state::trailer_lf;
        } else if (in_name_) {
            if (c == ':' && !line_empty_)
                in_name_ = false;
            else if (!is_token_char(c))
                malformed();
            line_empty_ = false;
        } else if (is_control(c)) {
            malformed();
        }
        return;
    case state::trailer_lf:
        if (c != '\n') malformed();
        state_ = line_empty_ ? state::done : state::trailer;
        in_name_ = line_empty_ = true;
        return;
    case state::data:
    case state::done: return;
    }
}

} // namespace phial
