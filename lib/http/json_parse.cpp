// Reads valid texts in one pass, and builds no tree: so long integers keep their digits. What it does not understand is
// no JSON, and json_fault.hpp says why.
#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/http/json_fault.hpp"
#include "phial/http/json_order.hpp"
#include "phial/http/json_output.hpp"
#include "phial/http/short_buffer.hpp"
#include "phial/text/json_bytes.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace phial {
namespace {

bool opens(char c) noexcept { return c == '{' || c == '['; }
bool closes(char c) noexcept { return c == '}' || c == ']'; }

// Values are written as they are read. Functions that return false, or null, do not understand the text.
class reader {
  public:
    reader(std::string_view text, std::size_t depth, std::shared_ptr<memory_account> const &account)
        : text_(text),
          end_(text.data() + text.size()),
          depth_(depth),
          out_(account, std::min(text.size(), small)),
          outer_(account),
          order_(account),
          level_{order_.open(), '\0'} {}

    bool run() {
        auto const *const begin = json_bytes::after_white_space(text_.data(), end_);
        while (end_ != begin && json_bytes::is_white_space(end_[-1])) --end_;
        if (begin == end_) return false;
        // So inside of arrays and objects the text goes on after everything but a closing bracket, or a string.
        if (opens(*begin) && !closes(end_[-1])) return false;
        tail_ = end_ - std::min<std::ptrdiff_t>(end_ - begin, json_bytes::block + 1);
        cursor c{begin, out_.begin()};
        do {
            c = value(c);
        } while (c.at != nullptr && next(c));
        written_ = c.to;
        return c.at == end_;
    }

    // There is a number that may be outside the range of a double, or one with an exponent of more than eight digits,
    // for which Boost's rules differ.
    [[nodiscard]] bool is_unsure() const noexcept { return is_unsure_; }

    // The canonical text; call it once, when run has returned true.
    held_text take() { return order_.finish(out_.take(written_)); }

  private:
    struct level {
        member_order::object members; // of an array: none
        char closing;                 // around the text: none
    };

    // Where it reads and writes. It is kept in registers, and returned: a member would be stored with each character.
    // Nowhere to read: the text is not understood.
    struct cursor {
        char const *at;
        char *to;
    };
    static constexpr cursor not_understood{nullptr, nullptr};

    static constexpr std::size_t small = 4096; // a large text may be white space for the most part

    // Between two calls of room, a block of a string or an escape is written, and quotes, a bracket, a colon and a
    // comma around it. A copied block may be longer than what is kept of it.
    static_assert(json_output::slack >= 2 * json_bytes::block + 8);

    // In an array or an object.
    [[nodiscard]] cursor after_white_space(cursor c) const noexcept {
        if (static_cast<unsigned char>(*c.at) > ' ') return c;
        if (*c.at == ' ' && static_cast<unsigned char>(c.at[1]) > ' ') return {c.at + 1, c.to};
        return {json_bytes::after_long_white_space(c.at, end_), c.to};
    }

    // A scalar, or the brackets before the first one, or an empty array or object; with its key.
    cursor value(cursor c) {
        for (;;) {
            if (level_.closing == '}') {
                c = key(c);
                if (c.at == nullptr) return c;
            }
            if (*c.at == '"') return string(c);
            if (!opens(*c.at)) return *c.at <= '9' ? number(c) : word(c);
            if (outer_.size() == depth_) return not_understood;
            c = after_white_space(open(c));
            if (*c.at == level_.closing) return close(c);
        }
    }

    // After a value: closes what ends, up to the next key or value. False at the end of the text, or nowhere.
    bool next(cursor &c) {
        while (!outer_.empty()) {
            c = after_white_space(c);
            if (*c.at == ',') {
                *c.to++ = *c.at++;
                c = after_white_space(c);
                return true;
            }
            c = *c.at == level_.closing ? close(c) : not_understood;
            if (c.at == nullptr) break;
        }
        return false;
    }

    cursor open(cursor c) {
        c.to = out_.room(c.to);
        outer_.push_back(level_);
        level_ = {order_.open(), *c.at == '{' ? '}' : ']'};
        *c.to++ = *c.at++;
        return c;
    }

    cursor close(cursor c) {
        c.to = out_.room(c.to);
        c.to = out_.begin() + order_.close(level_.members, out_.begin(), out_.offset(c.to));
        level_ = outer_.back();
        outer_.pop_back();
        *c.to++ = *c.at++;
        return c.at == end_ && !outer_.empty() ? not_understood : c;
    }

    // With its colon.
    cursor key(cursor c) {
        if (*c.at != '"') return not_understood;
        c.to = out_.room(c.to);
        if (auto const after = short_string(c); after.at != nullptr) {
            order_.add(level_.members, out_.begin(), out_.offset(c.to), out_.offset(after.to), false);
            c = after;
        } else {
            c = long_key(c);
            if (c.at == nullptr) return c;
        }
        c = after_white_space(c);
        if (*c.at != ':') return not_understood;
        *c.to++ = *c.at++;
        return after_white_space(c);
    }

    [[gnu::noinline]] cursor long_key(cursor c) {
        auto const begin = out_.offset(c.to);
        has_escapes_ = false;
        c = long_string(c);
        if (c.at != nullptr) order_.add(level_.members, out_.begin(), begin, out_.offset(c.to), has_escapes_);
        return c;
    }

    cursor string(cursor c) {
        c.to = out_.room(c.to);
        auto const after = short_string(c);
        return after.at == nullptr ? long_string(c) : after;
    }

    // One that is plain and not longer than a block, and does not end the text.
    [[nodiscard]] cursor short_string(cursor c) const noexcept {
        if (c.at >= tail_) return not_understood;
        *c.to = '"';
        auto const n = json_bytes::copy_plain(c.to + 1, c.at + 1) + 1;
        if (c.at[n] != '"') return not_understood;
        c.to[n] = '"';
        return {c.at + n + 1, c.to + n + 1};
    }

    [[gnu::noinline]] cursor long_string(cursor c) {
        *c.to++ = *c.at++;
        for (c = plain(c); c.at != end_ && *c.at != '"'; c = plain(c)) {
            c = not_plain(c);
            if (c.at == nullptr) return c;
        }
        if (c.at == end_) return not_understood;
        *c.to++ = *c.at++;
        return c;
    }

    cursor plain(cursor c) {
        while (end_ - c.at >= json_bytes::block) {
            auto const n = json_bytes::copy_plain(c.to, c.at);
            if (n < json_bytes::block) return {c.at + n, c.to + n};
            c = {c.at + json_bytes::block, out_.room(c.to + json_bytes::block)};
        }
        while (c.at != end_ && is_plain_json(*c.at)) *c.to++ = *c.at++;
        return c;
    }

    [[gnu::noinline]] cursor not_plain(cursor c) {
        has_escapes_ = true;
        std::string_view const rest(c.at, end_);
        json_escape read{0, 0};
        if (*c.at == '\\') {
            read = read_json_escape(rest);
        } else if (static_cast<unsigned char>(*c.at) >= ' ') {
            read.length = utf8_sequence(rest);
            if (read.length != 0) read.c = utf8_decode(rest.substr(0, read.length));
        }
        if (read.length == 0) return not_understood;
        c = {c.at + read.length, out_.room(c.to)};
        if (read.c < 0x80 && is_plain_json(static_cast<char>(read.c)))
            *c.to++ = static_cast<char>(read.c);
        else
            c.to = write_json_escape(c.to, read.c);
        return {c.at, out_.room(c.to)};
    }

    cursor word(cursor c) {
        switch (*c.at) {
        case 't': return word(c, "true");
        case 'f': return word(c, "false");
        case 'n': return word(c, "null");
        default: return not_understood;
        }
    }
    template <std::size_t N>
    cursor word(cursor c, char const (&letters)[N]) {
        if (end_ - c.at < std::ptrdiff_t{N} - 1 || std::memcmp(c.at, letters, N - 1) != 0) return not_understood;
        c.to = out_.room(c.to);
        std::memcpy(c.to, letters, N - 1);
        return {c.at + N - 1, c.to + N - 1};
    }

    char *copy(char *to, std::string_view s) {
        to = out_.room(to, s.size());
        std::memcpy(to, s.data(), s.size());
        return to + s.size();
    }

    cursor number(cursor c) {
        auto const *p = json_bytes::after_integer(c.at, end_);
        if (p == nullptr) return not_understood;
        if (p != end_ && *p == '.') {
            p = json_bytes::after_fraction(p, end_);
            if (p == nullptr) return not_understood;
            if (!is_printed_so({c.at, p})) return rounded(c, p);
        }
        if (p != end_ && (*p == 'e' || *p == 'E')) return rounded(c, p);
        std::string_view const digits(c.at, p);
        if (digits == "-0") return {p, copy(c.to, "0")};
        if (digits.size() > json_bytes::block || c.at >= tail_) return {p, copy(c.to, digits)};
        c.to = out_.room(c.to);
        return {p, json_bytes::copy_blocks(c.to, c.at, digits.size())};
    }

    // A number that may be printed in another way than it is written. `p`: where its exponent begins, if it has one.
    [[gnu::noinline]] cursor rounded(cursor c, char const *p) {
        if (p != end_ && (*p == 'e' || *p == 'E')) {
            auto const *const letter = p;
            p = json_bytes::after_exponent(p, end_);
            if (p == nullptr) return not_understood;
            is_unsure_ = is_unsure_ || p - letter > 10;
        }
        auto const value = parse_double({c.at, p});
        is_unsure_ = is_unsure_ || !value;
        std::string printed;
        append_double(printed, value.value_or(0));
        return {p, copy(c.to, printed)};
    }

    std::string_view text_;
    char const *end_;            // of what it reads
    char const *tail_ = nullptr; // from here on there is not a block and two bytes more
    std::size_t depth_;
    json_output out_;
    char const *written_ = nullptr; // up to here, when all is read
    short_buffer<level, 8> outer_;  // those around level_
    member_order order_;
    level level_;              // the innermost one that is open
    bool has_escapes_ = false; // the string that was read last
    bool is_unsure_ = false;
};

} // namespace

json json::parse(std::string_view text, std::size_t depth, std::shared_ptr<memory_account> const &account) {
    // A position is stored in 32 bits, and one byte (DEL) may become six.
    if (text.size() > (std::size_t{512} << 20)) throw http_error(413, "The JSON text is larger than 512 MiB.");
    std::size_t const mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    reader reading(text.substr(mark), depth, account);
    bool const is_understood = reading.run();
    if (!is_understood || reading.is_unsure()) {
        if (auto fault = detail::json_fault(text, mark, depth)) throw std::move(*fault);
        if (!is_understood) throw std::logic_error("json: a valid text was not understood");
    }
    return {canonical{}, reading.take()};
}

} // namespace phial
