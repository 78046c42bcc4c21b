#include "phial/server/chunked.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace phial {
namespace {

[[noreturn]] void malformed() { throw http_error(400, "The chunked coding of the body is malformed."); }

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

} // namespace

std::string_view chunk_decoder::next(std::string_view &input) {
    while (!input.empty() && state_ != state::done) {
        if (state_ == state::data) {
            auto const content =
                input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size())));
            input.remove_prefix(content.size());
            skip(content.size());
            return content;
        }
        take(input.front());
        input.remove_prefix(1);
    }
    return {};
}

void chunk_decoder::skip(std::uint64_t n) noexcept {
    left_ -= n;
    if (left_ == 0) state_ = state::data_cr;
}

void chunk_decoder::take(char c) {
    switch (state_) {
    case state::size:
        if (c != '\r' && ++line_ > line_limit_) malformed();
        if (hex_value(c) >= 0) {
            if (++digits_ > 16) malformed();
            left_ = left_ * 16 + static_cast<unsigned>(hex_value(c));
            return;
        }
        if (digits_ == 0) malformed();
        state_ = after_size(c);
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
    case state::trailer: trailer(c); return;
    case state::trailer_lf:
        if (c != '\n') malformed();
        state_ = line_empty_ ? state::done : state::trailer;
        in_name_ = line_empty_ = true;
        return;
    case state::data:
    case state::done: return;
    default:
        if (c != '\r' && (++line_ > line_limit_ || extensions_left_-- == 0)) malformed();
        state_ = extension(c);
    }
}

// The state after a size or a complete extension.
chunk_decoder::state chunk_decoder::after_size(char c) const {
    if (c == '\r') return state::size_lf;
    if (c == ';') return state::name_begin;
    if (is_space(c)) return state::before_extension;
    malformed();
}

// *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
chunk_decoder::state chunk_decoder::extension(char c) const {
    switch (state_) {
    case state::before_extension:
        if (is_space(c)) return state_;
        if (c == ';') return state::name_begin;
        break;
    case state::name_begin:
        if (is_space(c)) return state_;
        if (is_token_char(c)) return state::name;
        break;
    case state::name:
        if (is_token_char(c)) return state_;
        if (c == '=') return state::value_begin;
        return is_space(c) ? state::before_equals : after_size(c);
    case state::before_equals:
        if (is_space(c)) return state_;
        if (c == '=') return state::value_begin;
        if (c == ';') return state::name_begin;
        break;
    case state::value_begin:
        if (is_space(c)) return state_;
        if (c == '"') return state::quoted;
        if (is_token_char(c)) return state::value;
        break;
    case state::value: return is_token_char(c) ? state_ : after_size(c);
    case state::quoted:
        if (c == '"') return state::quoted_end;
        if (c == '\\') return state::quoted_pair;
        if (!is_control(c)) return state_;
        break;
    case state::quoted_pair:
        if (!is_control(c)) return state::quoted;
        break;
    default: return after_size(c); // quoted_end
    }
    malformed();
}

void chunk_decoder::trailer(char c) {
    if (c != '\r' && trailers_left_-- == 0)
        throw http_error(431, "The trailers of the body are larger than is accepted here.");
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
}

void append_chunk(outbox &out, std::string_view content) {
    append_chunk_size(out, content.size());
    (out += content) += chunk_end;
}

void append_chunk_size(outbox &out, std::size_t size) {
    std::array<char, 2 * sizeof size> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    (out += {digits.data(), end}) += "\r\n";
}

} // namespace phial
