#include "phial/ops/exposition.hpp"

#include "phial/text/number.hpp"

#include <array>
#include <charconv>

namespace phial {
namespace {

void append_escaped(std::string &out, std::string_view value) {
    for (char const c : value) {
        switch (c) {
        case '\\': out += "\\\\"; break;
        case '"': out += "\\\""; break;
        case '\n': out += "\\n"; break;
        default: out += c;
        }
    }
}

void append_number(std::string &out, double value) {
    std::array<char, 32> text{};
    auto const end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

} // namespace

void exposition::family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name.starts_with('_') ? service_ : "";
    name_ += name;
    text_.append("# HELP ").append(name_).append(" ").append(help);
    text_.append("\n# TYPE ").append(name_).append(" ").append(type).append("\n");
}

void exposition::sample(labels pairs, std::uint64_t value) {
    begin("", pairs, "");
    end(value);
}

void exposition::sample(labels pairs, double value) {
    begin("", pairs, "");
    end(value);
}

void exposition::histogram(labels pairs, std::span<double const> bounds, std::span<std::uint64_t const> counts,
                           double sum) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        n += counts[i];
        std::string le;
        if (i < bounds.size())
            append_number(le, bounds[i]);
        else
            le = "+Inf";
        begin("_bucket", pairs, le);
        end(n);
    }
    begin("_sum", pairs, "");
    end(sum);
    begin("_count", pairs, "");
    end(n);
}

void exposition::begin(std::string_view suffix, labels pairs, std::string_view le) {
    text_.append(name_).append(suffix);
    char separator = '{';
    auto const label = [&](std::string_view name, std::string_view value) {
        (text_ += separator).append(name).append("=\"");
        append_escaped(text_, value);
        text_ += '"';
        separator = ',';
    };
    for (auto const &[name, value] : pairs) label(name, value);
    if (!le.empty()) label("le", le);
    if (separator == ',') text_ += '}';
    text_ += ' ';
}

void exposition::end(std::uint64_t value) {
    append_integer(text_, value);
    text_ += '\n';
}

void exposition::end(double value) {
    append_number(text_, value);
    text_ += '\n';
}

} // namespace phial
