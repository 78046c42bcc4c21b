#include "phial/http/events.hpp"

#include "phial/text/concat.hpp"

#include <stdexcept>

namespace phial {
namespace {

using namespace std::string_view_literals;

void append_field(std::string &out, std::string_view name, std::string_view value, std::string_view forbidden) {
    if (value.empty()) return;
    if (value.find_first_of(forbidden) != value.npos)
        throw std::invalid_argument(concat("phial: the ", name, " of an event holds a line end or a NUL"));
    out.append(name).append(": ").append(value).append("\n");
}

// A line ends with CR LF, LF or CR, and each line is a field.
void append_data(std::string &out, std::string_view data) {
    for (;;) {
        auto const end = data.find_first_of("\r\n");
        out.append("data: ").append(data.substr(0, end)).append("\n");
        if (end == data.npos) return;
        data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

} // namespace

void event_format::append(std::string &out, event const &one) {
    auto const begin = out.size();
    try {
        append_field(out, "event", one.type, "\r\n");
        append_field(out, "id", one.id, "\r\n\0"sv);
        if (one.retry) out.append(concat("retry: ", one.retry->count(), "\n"));
        if (!one.data.empty() || !one.type.empty()) append_data(out, one.data);
        out.append("\n");
    } catch (...) {
        out.resize(begin);
        throw;
    }
}

} // namespace phial
