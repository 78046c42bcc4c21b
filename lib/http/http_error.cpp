// Limits the details: pointers and messages may quote what the client sent.
#include "phial/http/http_error.hpp"

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

} // namespace phial
