// Parses by the algorithms of RFC 8941 4.2.
#include "phial/text/structured_field.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/base64.hpp"

#include <algorithm>
#include <utility>

namespace phial {
namespace {

bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

// Keeps the last one of members with equal keys. It sorts instead of comparing all pairs, because a field may have
// thousands of members.
void keep_last(std::vector<dictionary_member> &members) {
    std::vector<dictionary_member *> by_key;
    by_key.reserve(members.size());
    for (auto &m : members) by_key.push_back(&m);
    std::sort(by_key.begin(), by_key.end(), [](auto const *a, auto const *b) {
        auto const order = a->key.compare(b->key);
        return order != 0 ? order < 0 : a < b;
    });
    for (std::size_t i = 1; i < by_key.size(); ++i)
        if (by_key[i - 1]->key == by_key[i]->key) by_key[i - 1]->key.clear(); // marks it: a parsed key is not empty
    std::erase_if(members, [](auto const &m) { return m.key.empty(); });
}

class parser {
  public:
    explicit parser(std::string_view text) noexcept : rest_(text) {}

    std::optional<std::vector<dictionary_member>> dictionary() {
        std::vector<dictionary_member> members;
        skip(" ");
        while (!rest_.empty()) {
            dictionary_member m;
            if (!member(m)) return std::nullopt;
            members.push_back(std::move(m));
            skip(" \t");
            if (rest_.empty()) break;
            if (!take(',')) return std::nullopt;
            skip(" \t");
            if (rest_.empty()) return std::nullopt; // a trailing comma
        }
        keep_last(members);
        return members;
    }

  private:
    void skip(std::string_view any) noexcept {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(any), rest_.size()));
    }

    bool take(char c) noexcept {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // Removes the longest prefix for which `belongs` is true.
    template <class F>
    std::string_view take_while(F belongs) noexcept {
        auto const end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
        auto const taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    bool member(dictionary_member &m) {
        m.key = key();
        if (m.key.empty()) return false;
        if (!take('=')) return parameters(); // a key without a value means true
        return rest_.starts_with('(') ? inner_list() : item(m.bytes);
    }

    std::string_view key() noexcept {
        if (rest_.empty() || !(is_lower(rest_.front()) || rest_.front() == '*')) return {};
        return take_while([](char c) {
            return is_lower(c) || is_digit(c) || std::string_view("_-.*").find(c) != std::string_view::npos;
        });
    }

    bool inner_list() {
        take('(');
        for (;;) {
            skip(" ");
            if (take(')')) return parameters();
            std::optional<std::string> ignored;
            if (!item(ignored) || !(rest_.starts_with(' ') || rest_.starts_with(')'))) return false;
        }
    }

    bool item(std::optional<std::string> &bytes) { return bare_item(bytes) && parameters(); }

    bool parameters() {
        while (take(';')) {
            skip(" ");
            std::optional<std::string> ignored;
            if (key().empty() || (take('=') && !bare_item(ignored))) return false;
        }
        return true;
    }

    bool bare_item(std::optional<std::string> &bytes) {
        if (rest_.empty()) return false;
        auto const c = rest_.front();
        if (c == ':') return byte_sequence(bytes);
        if (c == '"') return string();
        if (c == '?') return boolean();
        if (c == '-' || is_digit(c)) return number();
        return token();
    }

    // Missing padding is accepted (4.2.7).
    bool byte_sequence(std::optional<std::string> &bytes) {
        take(':');
        std::string text(take_while([](char c) { return c != ':'; }));
        if (!take(':')) return false;
        if (text.find('=') == text.npos) text.append((4 - text.size() % 4) % 4, '=');
        bytes = decode_base64(text);
        return bytes.has_value();
    }

    bool string() noexcept {
        take('"');
        for (;;) {
            take_while([](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
            if (take('"')) return true;
            if (!take('\\') || !(take('"') || take('\\'))) return false;
        }
    }

    bool boolean() noexcept { return take('?') && (take('0') || take('1')); }

    // At most 15 digits, or 12 before the point and three after it.
    bool number() noexcept {
        take('-');
        auto const whole = take_while(is_digit).size();
        if (!take('.')) return whole >= 1 && whole <= 15;
        auto const fraction = take_while(is_digit).size();
        return whole >= 1 && whole <= 12 && fraction >= 1 && fraction <= 3;
    }

    bool token() noexcept {
        if (!is_alpha(rest_.front()) && rest_.front() != '*') return false;
        take_while([](char c) { return is_token_char(c) || c == ':' || c == '/'; });
        return true;
    }

    std::string_view rest_;
};

} // namespace

std::optional<std::vector<dictionary_member>> parse_dictionary(std::string_view text) {
    return parser(text).dictionary();
}

} // namespace phial
