// Boost.JSON's parser calls a rewriter, and no tree is built: so long integers keep their digits.
#include "phial/http/held_buffer.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/http/json_order.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/json_text.hpp"
#include "phial/text/utf8.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace phial {
namespace {

using boost::json::string_view;
using boost::system::error_code;

// Values are written as they are parsed. Objects with keys that are unsorted or doubled are noted and put in order at
// the end, all at once: so each byte is copied only once more, however deep it is nested.
class rewriter {
  public:
    static constexpr std::size_t max_array_size = std::string::npos;
    static constexpr std::size_t max_object_size = std::string::npos;
    static constexpr std::size_t max_string_size = std::string::npos;
    static constexpr std::size_t max_key_size = std::string::npos;

    explicit rewriter(std::shared_ptr<memory_account> const &account)
        : out_(account),
          number_(account),
          keys_(account),
          members_(account),
          levels_(account),
          objects_(account),
          ordered_(account) {}

    bool on_document_begin(error_code &) { return true; }
    bool on_document_end(error_code &) { return true; }
    bool on_array_begin(error_code &) { return open('['); }
    bool on_array_end(std::size_t, error_code &) { return close(']'); }
    bool on_object_begin(error_code &) { return open('{'); }
    bool on_object_end(std::size_t, error_code &) {
        note_order();
        return close('}');
    }

    bool on_key_part(string_view s, std::size_t, error_code &) {
        if (!in_string_) {
            separate();
            members_.push_back({narrow(keys_.size()), narrow(out_.size())});
        }
        keys_ += std::string_view(s.data(), s.size());
        return characters(s);
    }
    bool on_key(string_view s, std::size_t n, error_code &ec) {
        on_key_part(s, n, ec);
        out_ += "\":";
        in_string_ = false;
        after_key_ = true;
        return true;
    }

    bool on_string_part(string_view s, std::size_t, error_code &) {
        if (!in_string_) separate();
        return characters(s);
    }
    bool on_string(string_view s, std::size_t n, error_code &ec) {
        on_string_part(s, n, ec);
        out_ += '"';
        in_string_ = false;
        return true;
    }

    bool on_number_part(string_view s, error_code &) {
        number_ += std::string_view(s.data(), s.size());
        return true;
    }
    bool on_int64(std::int64_t, string_view s, error_code &ec) { return number(s, ec); }
    bool on_uint64(std::uint64_t, string_view s, error_code &ec) { return number(s, ec); }
    bool on_double(double, string_view s, error_code &ec) { return number(s, ec); }

    bool on_bool(bool b, error_code &) { return literal(b ? "true" : "false"); }
    bool on_null(error_code &) { return literal("null"); }
    bool on_comment_part(string_view, error_code &) { return true; }
    bool on_comment(string_view, error_code &) { return true; }

    // The canonical text; call it at the end of the document.
    held_text take();

  private:
    using position = text_range::position;

    struct member {
        position key;  // where its key begins in keys_; it ends where the next key begins
        position text; // where its text begins in out_; it ends at the comma before the next text
    };
    struct level {
        std::size_t first_member;
        std::size_t text; // where its text begins in out_, after the bracket
    };

    static position narrow(std::size_t n) noexcept { return static_cast<position>(n); }

    bool characters(string_view s) {
        if (!std::exchange(in_string_, true)) out_ += '"';
        append_json_characters(out_, std::string_view(s.data(), s.size()));
        return true;
    }

    void separate() {
        if (!after_key_ && !levels_.empty() && out_.size() > levels_.back().text) out_ += ',';
        after_key_ = false;
    }

    bool literal(std::string_view s) {
        separate();
        out_ += s;
        return true;
    }

    bool open(char bracket) {
        separate();
        out_ += bracket;
        levels_.push_back({members_.size(), out_.size()});
        return true;
    }

    bool close(char bracket) {
        levels_.resize_down(levels_.size() - 1);
        out_ += bracket;
        return true;
    }

    bool number(string_view s, error_code &ec) {
        number_ += std::string_view(s.data(), s.size());
        auto const digits = number_.view();
        separate();
        if (digits.find_first_of(".eE") == digits.npos) {
            out_ += digits == "-0" ? "0" : digits;
        } else if (auto const value = parse_double(digits)) {
            std::string text;
            append_double(text, *value);
            out_ += std::string_view(text);
        } else {
            ec = boost::json::error::exponent_overflow;
            return false;
        }
        number_.resize_down(0);
        return true;
    }

    std::string_view key(std::size_t i) const {
        auto const end = i + 1 < members_.size() ? members_[i + 1].key : keys_.size();
        return keys_.view().substr(members_[i].key, end - members_[i].key);
    }

    text_range text(std::size_t i) const {
        auto const end = i + 1 < members_.size() ? members_[i + 1].text - 1 : narrow(out_.size());
        return {members_[i].text, end};
    }

    void note_order();
    void note_disorder(std::size_t first, std::size_t begin);

    held_text out_;
    held_text number_;            // being read
    held_text keys_;              // of the open objects, unescaped, one after the other
    held_buffer<member> members_; // of the open objects
    held_buffer<level> levels_;
    held_buffer<disordered_object> objects_;
    held_buffer<text_range> ordered_; // the ranges of their members, in order
    bool in_string_ = false;
    bool after_key_ = false;
};

void rewriter::note_order() {
    auto const [first, begin] = levels_.back();
    if (first == members_.size()) return;
    bool sorted = true;
    for (auto i = first; sorted && i + 1 < members_.size(); ++i) sorted = key(i) < key(i + 1);
    if (!sorted) note_disorder(first, begin);
    keys_.resize_down(members_[first].key);
    members_.resize_down(first);
}

void rewriter::note_disorder(std::size_t first, std::size_t begin) {
    held_buffer<position> order(out_.account());
    order.reserve(members_.size() - first);
    for (auto i = first; i < members_.size(); ++i) order.push_back(narrow(i));
    std::sort(order.begin(), order.end(),
              [this](auto a, auto b) { return std::pair(key(a), a) < std::pair(key(b), b); });
    auto const first_ordered = ordered_.size();
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i + 1 < order.size() && key(order[i]) == key(order[i + 1])) continue; // the last one is kept
        ordered_.push_back(text(order[i]));
    }
    objects_.push_back(
        {{narrow(begin), narrow(out_.size())}, narrow(first_ordered), narrow(ordered_.size() - first_ordered)});
}

held_text rewriter::take() {
    if (objects_.empty()) return std::move(out_);
    return put_in_order(out_, objects_, ordered_);
}

// The parser reports bytes that are not UTF-8 as a syntax error, like any other.
http_error not_json(std::string_view text, std::size_t offset, error_code const &ec) {
    for (std::size_t n = 0; n <= offset && n < text.size();) {
        auto const length = utf8_sequence(text.substr(n));
        if (length == 0)
            return http_error(400, concat("The body is not valid JSON: it is not UTF-8 text at byte ", n, "."));
        n += length;
    }
    return http_error(400, concat("The body is not valid JSON: ", ec.message(), " at byte ", offset, "."));
}

} // namespace

json json::parse(std::string_view text, std::size_t depth, std::shared_ptr<memory_account> const &account) {
    // A position is stored in 32 bits, and one byte (DEL) may become six.
    if (text.size() > (std::size_t{512} << 20)) throw http_error(413, "The JSON text is larger than 512 MiB.");
    std::size_t skipped = 0;
    if (text.starts_with("\xEF\xBB\xBF")) skipped = 3;
    boost::json::parse_options options;
    options.max_depth = depth;
    boost::json::basic_parser<rewriter> parser(options, account);
    error_code ec;
    auto const used = parser.write_some(false, text.data() + skipped, text.size() - skipped, ec);
    if (!ec && used < text.size() - skipped) ec = boost::json::error::extra_data;
    if (ec) throw not_json(text, used + skipped, ec);
    return {canonical{}, parser.handler().take()};
}

} // namespace phial
