#include "phial/typed/json_scanner.hpp"

#include "phial/text/json_bytes.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"
#include "phial/text/utf8.hpp"

#include <boost/container/small_vector.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>

namespace phial {
namespace {

// Functions that return false, or null, do not understand the text.
class scanner {
  public:
    scanner(std::string_view text, std::size_t depth, json_reader &to) noexcept
        : at_(text.data()),
          end_(text.data() + text.size()),
          depth_(depth),
          to_(to) {}

    scan_result run() {
        auto found = after::nothing;
        while (value() && (found = next()) == after::value) {
        }
        if (found != after::text || json_bytes::after_white_space(at_, end_) != end_)
            return scan_result::not_understood;
        return is_unsure_ ? scan_result::unsure : scan_result::understood;
    }

  private:
    struct level {
        char closing;
        std::uint32_t size; // elements before the one that is read
    };
    enum class after { value, text, nothing };

    void skip() noexcept { at_ = json_bytes::after_white_space(at_, end_); }
    [[nodiscard]] bool is_at(char what) const noexcept { return at_ != end_ && *at_ == what; }

    // A scalar, or the brackets before the first one, or an empty array or object.
    bool value() {
        for (;;) {
            skip();
            if (at_ == end_) return false;
            switch (*at_) {
            case '"': {
                auto const text = string();
                if (text.data() != nullptr) to_.string(text);
                return text.data() != nullptr;
            }
            case '{':
                if (!open('}')) return false;
                to_.begin_object();
                skip();
                if (is_at('}')) return close(), true;
                if (!key()) return false;
                break;
            case '[':
                if (!open(']')) return false;
                to_.begin_array();
                skip();
                if (is_at(']')) return close(), true;
                break;
            case 't': return literal("true") && (to_.boolean(true), true);
            case 'f': return literal("false") && (to_.boolean(false), true);
            case 'n': return literal("null") && (to_.null(), true);
            default: return number();
            }
        }
    }

    // Closes what ends, up to the next value.
    after next() {
        while (!levels_.empty()) {
            skip();
            auto &inner = levels_.back();
            if (is_at(',')) {
                ++at_;
                ++inner.size;
                skip();
                return inner.closing == ']' || key() ? after::value : after::nothing;
            }
            if (!is_at(inner.closing)) return after::nothing;
            ++inner.size;
            close();
        }
        return after::text;
    }

    bool open(char closing) {
        if (levels_.size() == depth_) return false;
        ++at_;
        levels_.push_back({closing, 0});
        return true;
    }

    void close() {
        ++at_;
        auto const ended = levels_.back();
        levels_.pop_back();
        if (ended.closing == '}')
            to_.end_object();
        else
            to_.end_array(ended.size);
    }

    bool key() {
        if (!is_at('"')) return false;
        auto const name = string();
        if (name.data() == nullptr) return false;
        to_.key(name);
        skip();
        if (!is_at(':')) return false;
        ++at_;
        return true;
    }

    // Without its quotes; a view into the text, or into unescaped_.
    std::string_view string() {
        auto const *const begin = ++at_;
        at_ = json_bytes::after_plain(at_, end_);
        if (is_at('"')) return {begin, static_cast<std::size_t>(at_++ - begin)};
        return is_at('\\') ? with_escapes(begin) : std::string_view();
    }

    [[gnu::noinline]] std::string_view with_escapes(char const *begin) {
        unescaped_.clear();
        while (is_at('\\')) {
            unescaped_.append(begin, at_);
            auto const read = read_json_escape({at_, static_cast<std::size_t>(end_ - at_)});
            if (read.length == 0) return {};
            std::array<char, 4> bytes;
            unescaped_.append(bytes.data(), write_utf8(bytes.data(), read.c));
            begin = at_ += read.length;
            at_ = json_bytes::after_plain(at_, end_);
        }
        if (!is_at('"')) return {};
        unescaped_.append(begin, at_++);
        return unescaped_;
    }

    template <std::size_t N>
    bool literal(char const (&word)[N]) noexcept {
        if (end_ - at_ < std::ptrdiff_t{N} - 1 || std::memcmp(at_, word, N - 1) != 0) return false;
        at_ += N - 1;
        return true;
    }

    bool number() {
        auto const *const begin = at_;
        auto const *p = json_bytes::after_integer(begin, end_);
        if (p == nullptr) return false;
        at_ = p;
        if (p != end_ && (*p == '.' || *p == 'e' || *p == 'E')) return real(begin);
        std::string_view const digits(begin, static_cast<std::size_t>(p - begin));
        std::int64_t value = 0;
        std::uint64_t large = 0;
        if (std::from_chars(begin, p, value).ec == std::errc())
            to_.integer(value, digits);
        else if (std::from_chars(begin, p, large).ec == std::errc())
            to_.large_integer(large, digits);
        else
            to_.huge_integer(digits);
        return true;
    }

    bool real(char const *begin) {
        if (*at_ == '.') at_ = json_bytes::after_fraction(at_, end_);
        if (at_ == nullptr) return false;
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            auto const *const letter = at_;
            at_ = json_bytes::after_exponent(letter, end_);
            if (at_ == nullptr) return false;
            is_unsure_ = is_unsure_ || at_ - letter > 10;
        }
        std::string_view const digits(begin, static_cast<std::size_t>(at_ - begin));
        auto const value = parse_double(digits);
        if (value) to_.real(*value, digits);
        return value.has_value();
    }

    char const *at_;
    char const *end_;
    std::size_t depth_;
    json_reader &to_;
    boost::container::small_vector<level, 16> levels_;
    std::string unescaped_; // the string that was read last, if it has escapes
    bool is_unsure_ = false;
};

} // namespace

scan_result scan_json(std::string_view text, std::size_t depth, json_reader &to) {
    return scanner(text, depth, to).run();
}

} // namespace phial
