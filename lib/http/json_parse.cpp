// Reads valid texts in one pass, and builds no tree: so long integers keep their digits. What it does not understand is
// no JSON, and json_fault.hpp says why.
#include "phial/http/held_buffer.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/http/json_fault.hpp"
#include "phial/http/json_order.hpp"
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

// Values are written as they are read. Functions that return false, or null, do not understand the text.
class reader {
  public:
    reader(std::string_view text, std::size_t depth, std::shared_ptr<memory_account> const &account)
        : at_(text.data()),
          end_(text.data() + text.size()),
          depth_(depth),
          out_(account),
          levels_(account),
          order_(account) {
        constexpr std::size_t small = 4096; // a large text may be white space for the most part
        grow(to_, std::min(text.size(), small));
    }

    bool run() {
        cursor c{at_, to_};
        do {
            c = value(c);
        } while (c.at != nullptr && next(c));
        if (c.at == nullptr || !levels_.empty()) return false;
        to_ = c.to;
        return json_bytes::after_white_space(c.at, end_) == end_;
    }

    // There is a number that may be outside the range of a double, or one with an exponent of more than eight digits,
    // for which Boost's rules differ.
    [[nodiscard]] bool is_unsure() const noexcept { return is_unsure_; }

    // The canonical text; call it once, when run has returned true.
    held_text take() {
        out_.added(offset(to_) - out_.size());
        return order_.finish(std::move(out_));
    }

  private:
    struct level {
        member_order::object members; // of an array: none
        char closing;
    };

    // Where it reads and writes. It is kept in registers, and returned: a member would be stored with each character.
    // Nowhere to read: the text is not understood.
    struct cursor {
        char const *at;
        char *to;
    };
    static constexpr cursor not_understood{nullptr, nullptr};

    [[nodiscard]] std::size_t offset(char const *to) const noexcept { return static_cast<std::size_t>(to - begin_); }

    // What is written after it without another call: a block of a string or an escape, and brackets, quotes, a colon
    // and a comma around it. A copied block may be longer than what is kept of it.
    static constexpr std::size_t slack = 48;
    static_assert(slack >= member_order::slack + json_bytes::block + 8);

    // Room for the slack, or for n bytes and the slack, from `to` on. Returns `to`: the text may have moved.
    char *room(char *to) {
        if (to <= limit_) return to;
        grow(to, 0);
        return to_;
    }
    char *room(char *to, std::size_t n) {
        if (to <= limit_ && n <= static_cast<std::size_t>(limit_ - to)) return to;
        grow(to, n);
        return to_;
    }
    [[gnu::noinline]] void grow(char *to, std::size_t n) {
        out_.added(offset(to) - out_.size());
        to_ = out_.room(n + slack);
        begin_ = to_ - out_.size();
        limit_ = begin_ + (out_.capacity() - slack);
    }

    [[nodiscard]] bool is_at(cursor c, char what) const noexcept { return c.at != end_ && *c.at == what; }
    [[nodiscard]] cursor after_white_space(cursor c) const noexcept {
        return {json_bytes::after_white_space(c.at, end_), c.to};
    }

    // A scalar, or the brackets before the first one, or an empty array or object.
    cursor value(cursor c) {
        for (;;) {
            c = after_white_space(c);
            if (c.at == end_) return not_understood;
            switch (*c.at) {
            case '"': return string(c);
            case '{':
                if (levels_.size() == depth_) return not_understood;
                c = after_white_space(open(c, '}'));
                if (is_at(c, '}')) return close(c);
                c = key(c);
                if (c.at == nullptr) return c;
                break;
            case '[':
                if (levels_.size() == depth_) return not_understood;
                c = after_white_space(open(c, ']'));
                if (is_at(c, ']')) return close(c);
                break;
            case 't': return literal(c, "true");
            case 'f': return literal(c, "false");
            case 'n': return literal(c, "null");
            default: return number(c);
            }
        }
    }

    // After a value: closes what ends, up to the next value. False at the end of the text, or nowhere.
    bool next(cursor &c) {
        for (;;) {
            if (levels_.empty()) return false;
            c = after_white_space(c);
            char const closing = levels_.back().closing;
            if (is_at(c, ',')) {
                *c.to++ = *c.at++;
                if (closing == '}') c = key(after_white_space(c));
                return c.at != nullptr;
            }
            if (!is_at(c, closing)) {
                c = not_understood;
                return false;
            }
            c = close(c);
        }
    }

    cursor open(cursor c, char closing) {
        c.to = room(c.to);
        *c.to++ = *c.at++;
        levels_.push_back({order_.open(offset(c.to)), closing});
        return c;
    }

    cursor close(cursor c) {
        c.to = room(c.to);
        auto const &ended = levels_.back();
        if (ended.closing == '}') c.to = begin_ + order_.close(ended.members, begin_, offset(c.to));
        levels_.resize_down(levels_.size() - 1);
        *c.to++ = *c.at++;
        return c;
    }

    cursor key(cursor c) {
        if (!is_at(c, '"')) return not_understood;
        auto const begin = offset(c.to);
        has_escapes_ = false;
        c = string(c);
        if (c.at == nullptr) return c;
        order_.add(levels_.back().members, begin_, begin, offset(c.to), has_escapes_);
        c = after_white_space(c);
        if (!is_at(c, ':')) return not_understood;
        *c.to++ = *c.at++;
        return c;
    }

    cursor string(cursor c) {
        c.to = room(c.to);
        *c.to++ = *c.at++;
        for (;;) {
            c = plain(c);
            if (c.at == end_) return not_understood;
            if (*c.at == '"') break;
            c = character(c);
            if (c.at == nullptr) return c;
        }
        *c.to++ = *c.at++;
        return c;
    }

    cursor plain(cursor c) {
        while (end_ - c.at >= json_bytes::block) {
            auto const n = json_bytes::copy_plain(c.to, c.at);
            c = {c.at + n, c.to + n};
            if (n < json_bytes::block) return c;
            c.to = room(c.to);
        }
        for (; c.at != end_ && is_plain_json(*c.at); *c.to++ = *c.at++) {
        }
        return c;
    }

    // One that is not plain.
    [[gnu::noinline]] cursor character(cursor c) {
        has_escapes_ = true;
        c.to = room(c.to);
        std::string_view const rest(c.at, static_cast<std::size_t>(end_ - c.at));
        json_escape read{0, 0};
        if (*c.at == '\\') {
            read = read_json_escape(rest);
        } else if (static_cast<unsigned char>(*c.at) >= ' ') {
            read.length = utf8_sequence(rest);
            if (read.length != 0) read.c = utf8_decode(rest.substr(0, read.length));
        }
        if (read.length == 0) return not_understood;
        c.at += read.length;
        if (read.c < 0x80 && is_plain_json(static_cast<char>(read.c)))
            *c.to++ = static_cast<char>(read.c);
        else
            c.to = write_json_escape(c.to, read.c);
        c.to = room(c.to);
        return c;
    }

    template <std::size_t N>
    cursor literal(cursor c, char const (&word)[N]) {
        if (end_ - c.at < std::ptrdiff_t{N} - 1 || std::memcmp(c.at, word, N - 1) != 0) return not_understood;
        c.to = room(c.to);
        std::memcpy(c.to, word, N - 1);
        return {c.at + N - 1, c.to + N - 1};
    }

    char *copy(char *to, std::string_view s) {
        to = room(to, s.size());
        std::memcpy(to, s.data(), s.size());
        return to + s.size();
    }

    cursor number(cursor c) {
        auto const *p = json_bytes::after_integer(c.at, end_);
        if (p == nullptr) return not_understood;
        bool const has_fraction = p != end_ && *p == '.';
        if (has_fraction) p = json_bytes::after_fraction(p, end_);
        if (p == nullptr) return not_understood;
        bool const has_exponent = p != end_ && (*p == 'e' || *p == 'E');
        if (has_exponent) {
            auto const *const letter = p;
            p = json_bytes::after_exponent(p, end_);
            if (p == nullptr) return not_understood;
            is_unsure_ = is_unsure_ || p - letter > 10;
        }
        std::string_view const digits(c.at, static_cast<std::size_t>(p - c.at));
        if (has_exponent || (has_fraction && !is_printed_so(digits))) return {p, rounded(c.to, digits)};
        if (digits == "-0") return {p, copy(c.to, "0")};
        if (digits.size() > json_bytes::block || end_ - c.at < json_bytes::block) return {p, copy(c.to, digits)};
        c.to = room(c.to);
        return {p, json_bytes::copy_blocks(c.to, c.at, digits.size())};
    }

    [[gnu::noinline]] char *rounded(char *to, std::string_view digits) {
        auto const value = parse_double(digits);
        is_unsure_ = is_unsure_ || !value;
        std::string text;
        append_double(text, value.value_or(0));
        return copy(to, text);
    }

    char const *at_; // where it reads
    char const *end_;
    std::size_t depth_;
    held_text out_; // has been written to up to to_; its size follows when it grows
    char *begin_ = nullptr;
    char *to_ = nullptr;    // while nothing is read
    char *limit_ = nullptr; // where the slack begins
    held_buffer<level> levels_;
    member_order order_;
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
