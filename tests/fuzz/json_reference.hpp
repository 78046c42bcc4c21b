// The canonical text of JSON, made in the slow and obvious way: Boost.JSON's parser, a map for each object.
#pragma once

#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial::fuzzing {

class json_reference {
  public:
    using view = boost::json::string_view;
    using error = boost::system::error_code;

    static constexpr std::size_t max_array_size = std::string::npos;
    static constexpr std::size_t max_object_size = std::string::npos;
    static constexpr std::size_t max_string_size = std::string::npos;
    static constexpr std::size_t max_key_size = std::string::npos;

    /// Nothing if the text is no JSON.
    static std::optional<std::string> read(std::string_view text, std::size_t depth) {
        if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
        boost::json::parse_options options;
        options.max_depth = depth;
        boost::json::basic_parser<json_reference> parser(options);
        error ec;
        auto const used = parser.write_some(false, text.data(), text.size(), ec);
        if (ec || used < text.size()) return std::nullopt;
        return parser.handler().result_;
    }

    bool on_document_begin(error &) { return true; }
    bool on_document_end(error &) { return true; }
    bool on_array_begin(error &) { return open(false); }
    bool on_array_end(std::size_t, error &) {
        std::string text;
        for (auto const &element : open_.back().elements) text += (text.empty() ? "" : ",") + element;
        return close("[" + text + "]");
    }
    bool on_object_begin(error &) { return open(true); }
    bool on_object_end(std::size_t, error &) {
        std::string text;
        for (auto const &[key, member] : open_.back().members)
            text += (text.empty() ? "" : ",") + quoted(key) + ":" + member;
        return close("{" + text + "}");
    }
    bool on_key_part(view s, std::size_t, error &) { return collect(s); }
    bool on_key(view s, std::size_t, error &) {
        collect(s);
        open_.back().key = std::exchange(string_, {});
        return true;
    }
    bool on_string_part(view s, std::size_t, error &) { return collect(s); }
    bool on_string(view s, std::size_t, error &) {
        collect(s);
        return value(quoted(std::exchange(string_, {})));
    }
    bool on_number_part(view, error &) { return true; }
    bool on_int64(std::int64_t, view s, error &) { return number(s); }
    bool on_uint64(std::uint64_t, view s, error &) { return number(s); }
    bool on_double(double, view s, error &) { return number(s); }
    bool on_bool(bool b, error &) { return value(b ? "true" : "false"); }
    bool on_null(error &) { return value("null"); }
    bool on_comment_part(view, error &) { return true; }
    bool on_comment(view, error &) { return true; }

  private:
    struct level {
        bool is_object;
        std::string key;
        std::map<std::string, std::string> members;
        std::vector<std::string> elements;
    };

    static std::string quoted(std::string_view s) {
        std::string out;
        append_json_string(out, s);
        return out;
    }
    bool collect(view s) {
        string_.append(s.data(), s.size());
        return true;
    }
    bool open(bool is_object) {
        open_.push_back({is_object, {}, {}, {}});
        return true;
    }
    bool close(std::string text) {
        open_.pop_back();
        return value(std::move(text));
    }
    bool value(std::string text) {
        if (open_.empty())
            result_ = std::move(text);
        else if (open_.back().is_object)
            open_.back().members[open_.back().key] = std::move(text);
        else
            open_.back().elements.push_back(std::move(text));
        return true;
    }
    bool number(std::string_view digits) {
        if (digits.find_first_of(".eE") == digits.npos) return value(digits == "-0" ? "0" : std::string(digits));
        auto const rounded = parse_double(digits);
        if (!rounded) return false;
        std::string text;
        append_double(text, *rounded);
        return value(std::move(text));
    }

    std::vector<level> open_;
    std::string string_;
    std::string result_;
};

} // namespace phial::fuzzing
