#include "phial/http/field_lines.hpp"

#include <stdexcept>

namespace phial {
namespace {

// Not in the function that is called for every field.
[[noreturn]] void refuse(std::string_view name) {
    if (!is_field_name(name))
        throw std::invalid_argument("response: '" + std::string(name) + "' is not a header field name");
    if (auto const known = server_field(name); !known.empty())
        throw std::invalid_argument("response: the server sets " + std::string(known) + " itself");
    throw std::invalid_argument("response: the value of " + std::string(name) + " holds a control character");
}

} // namespace

void append_field_line(std::string &lines, std::string_view name, std::string_view value) {
    if (!is_field_name(name) || !server_field(name).empty() || !is_field_value(value)) refuse(name);
    auto const text = trim(value);
    lines.reserve(lines.size() + name.size() + text.size() + std::string_view(": \r\n").size());
    lines.append(name).append(": ").append(text).append("\r\n");
}

std::string_view take_field_line(std::string_view &lines) noexcept {
    auto const line = lines.substr(0, lines.find('\n') + 1);
    lines.remove_prefix(line.size());
    return line;
}

bool is_field_named(std::string_view line, std::string_view name) noexcept {
    return line.size() > name.size() && line[name.size()] == ':' && iequals(line.substr(0, name.size()), name);
}

} // namespace phial
