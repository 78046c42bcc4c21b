// Limits the details: pointers and messages may quote what the client sent.
#include "phial/http/http_error.hpp"

#include "phial/http/field_lines.hpp"

namespace phial {
namespace {

void cut(std::string &text) {
    constexpr std::string_view sign = "...";
    if (text.size() <= http_error::longest_detail) return;
    auto size = http_error::longest_detail - sign.size();
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size; // do not cut a UTF-8 character
    text.replace(size, text.npos, sign);
}

} // namespace

http_error::http_error(unsigned status, std::string message, std::vector<error_detail> details)
    : status_(status),
      message_(message.empty() ? std::string(reason_phrase(status)) : std::move(message)),
      details_(std::move(details)) {
    if (details_.size() > most_details) details_.resize(most_details);
    for (auto &d : details_) {
        cut(d.pointer);
        cut(d.message);
    }
}

http_error &&http_error::add(std::string_view name, std::string_view value) && {
    append_field_line(lines_, name, value);
    return std::move(*this);
}

std::vector<std::pair<std::string, std::string>> http_error::headers() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (std::string_view rest = lines_; !rest.empty();) {
        auto const line = take_field_line(rest);
        auto const colon = line.find(':');
        all.emplace_back(line.substr(0, colon), line.substr(colon + 2, line.size() - colon - 4));
    }
    return all;
}

} // namespace phial
