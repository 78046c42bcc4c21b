#include "phial/http/events.hpp"

#include "phial/text/concat.hpp"

#include <stdexcept>

namespace phial {
namespace {

using namespace std::string_view_literals;

void append_field(std::string &out, std::string_view name, std::string_view value) {
    if (!value.empty()) out.append(name).append(": ").append(value).append("\n");
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
    if (one.type.find_first_of("\r\n") != one.type.npos)
        throw std::invalid_argument("phial: the type of an event holds a line end");
    if (one.id.find_first_of("\r\n\0"sv) != one.id.npos)
        throw std::invalid_argument("phial: the id of an event holds a line end or a NUL");
    append_field(out, "event", one.type);
    append_field(out, "id", one.id);
    if (one.retry) out.append(concat("retry: ", one.retry->count(), "\n"));
    if (!one.data.empty() || !one.type.empty()) append_data(out, one.data);
    out.append("\n");
}

} // namespace phial
