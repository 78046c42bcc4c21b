// Reads JSON with Boost.JSON's parser and re-writes it on the fly: no tree, so long integers keep their digits.
#include "http/http_error.hpp"
#include "http/json.hpp"
#include "http/json_text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace phial {
namespace {

using boost::json::string_view;
using boost::system::error_code;

// Values are written as they come. An object whose keys came unsorted or doubled is put in order when it ends.
class rewriter {
  public:
    static constexpr std::size_t max_array_size = std::string::npos;
    static constexpr std::size_t max_object_size = std::string::npos;
    static constexpr std::size_t max_string_size = std::string::npos;
    static constexpr std::size_t max_key_size = std::string::npos;

    bool on_document_begin(error_code &) { return true; }
    bool on_document_end(error_code &) { return true; }
    bool on_array_begin(error_code &) { return open('['); }
    bool on_array_end(std::size_t, error_code &) { return close(']'); }
    bool on_object_begin(error_code &) { return open('{'); }
    bool on_object_end(std::size_t, error_code &) {
        sort_members();
        return close('}');
    }

    bool on_key_part(string_view s, std::size_t, error_code &) { return collect(s); }
    bool on_key(string_view s, std::size_t, error_code &) {
        collect(s);
        separate();
        members_.push_back({static_cast<std::uint32_t>(keys_.size()), static_cast<std::uint32_t>(out_.size())});
        keys_ += piece_;
        append_json_string(out_, piece_);
        out_ += ':';
        piece_.clear();
        after_key_ = true;
        return true;
    }

    bool on_string_part(string_view s, std::size_t, error_code &) { return collect(s); }
    bool on_string(string_view s, std::size_t, error_code &) {
        collect(s);
        separate();
        append_json_string(out_, piece_);
        piece_.clear();
        return true;
    }

    bool on_number_part(string_view s, error_code &) { return collect(s); }
    bool on_int64(std::int64_t, string_view s, error_code &ec) { return number(s, ec); }
    bool on_uint64(std::uint64_t, string_view s, error_code &ec) { return number(s, ec); }
    bool on_double(double, string_view s, error_code &ec) { return number(s, ec); }

    bool on_bool(bool b, error_code &) { return literal(b ? "true" : "false"); }
    bool on_null(error_code &) { return literal("null"); }
    bool on_comment_part(string_view, error_code &) { return true; }
    bool on_comment(string_view, error_code &) { return true; }

    std::string take() { return std::move(out_); }

  private:
    struct member {
        std::uint32_t key;  // where its key begins in keys_; it ends where the next one begins
        std::uint32_t text; // where its text begins in out_; likewise, less the comma between
    };
    struct level {
        std::size_t first_member;
        std::size_t text; // where its text begins in out_, behind the bracket
    };

    bool collect(string_view s) {
        piece_.append(s.data(), s.size());
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
        levels_.pop_back();
        out_ += bracket;
        return true;
    }

    bool number(string_view s, error_code &ec) {
        collect(s);
        separate();
        if (piece_.find_first_of(".eE") == piece_.npos) {
            out_ += piece_ == "-0" ? "0" : piece_;
        } else if (auto const value = parse_double(piece_)) {
            append_double(out_, *value);
        } else {
            ec = boost::json::error::exponent_overflow;
            return false;
        }
        piece_.clear();
        return true;
    }

    std::string_view key(std::size_t i) const {
        auto const end = i + 1 < members_.size() ? members_[i + 1].key : keys_.size();
        return std::string_view(keys_).substr(members_[i].key, end - members_[i].key);
    }

    std::string_view text(std::size_t i) const {
        auto const end = i + 1 < members_.size() ? members_[i + 1].text - 1 : out_.size();
        return std::string_view(out_).substr(members_[i].text, end - members_[i].text);
    }

    void sort_members() {
        auto const [first, begin] = levels_.back();
        if (first == members_.size()) return;
        bool sorted = true;
        for (auto i = first; sorted && i + 1 < members_.size(); ++i) sorted = key(i) < key(i + 1);
        if (!sorted) {
            std::vector<std::uint32_t> order(members_.size() - first);
            std::iota(order.begin(), order.end(), static_cast<std::uint32_t>(first));
            std::sort(order.begin(), order.end(),
                      [this](auto a, auto b) { return std::pair(key(a), a) < std::pair(key(b), b); });
            std::string ordered;
            ordered.reserve(out_.size() - begin);
            for (std::size_t i = 0; i < order.size(); ++i) {
                if (i + 1 < order.size() && key(order[i]) == key(order[i + 1])) continue; // the last one wins
                if (!ordered.empty()) ordered += ',';
                ordered += text(order[i]);
            }
            out_.replace(begin, out_.npos, ordered);
        }
        keys_.resize(members_[first].key);
        members_.resize(first);
    }

    std::string out_;
    std::string piece_; // of the string, key or number being read
    std::string keys_;  // of the objects that are open, unescaped, one behind the other
    std::vector<member> members_;
    std::vector<level> levels_;
    bool after_key_ = false;
};

} // namespace

json json::parse(std::string_view text, std::size_t depth) {
    // A member's place is kept in 32 bits, and a byte may become six (DEL).
    if (text.size() > (std::size_t{512} << 20)) throw http_error(413, "The JSON text is larger than 512 MiB.");
    std::size_t skipped = 0;
    if (text.starts_with("\xEF\xBB\xBF")) skipped = 3;
    boost::json::parse_options options;
    options.max_depth = depth;
    boost::json::basic_parser<rewriter> parser(options);
    error_code ec;
    auto const used = parser.write_some(false, text.data() + skipped, text.size() - skipped, ec);
    if (!ec && used < text.size() - skipped) ec = boost::json::error::extra_data;
    if (ec)
        throw http_error(400, "The body is not valid JSON: " + ec.message() + " at byte " +
                                  std::to_string(used + skipped) + ".");
    return {canonical{}, parser.handler().take()};
}

} // namespace phial
