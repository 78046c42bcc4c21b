// Limits the faults: they may quote what the client sent.
#include "phial/http/http_error.hpp"

#include "phial/http/field_lines.hpp"
#include "phial/http/json.hpp"
#include "phial/text/concat.hpp"

#include <stdexcept>

namespace phial {
namespace {

void cut(std::string &text) {
    constexpr std::string_view sign = "...";
    if (text.size() <= http_error::longest_text) return;
    auto size = http_error::longest_text - sign.size();
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size; // do not cut a UTF-8 character
    text.replace(size, text.npos, sign);
}

} // namespace

http_error::http_error(unsigned status, std::string message, fault_list list)
    : status_(status),
      message_(message.empty() ? std::string(reason_phrase(status)) : std::move(message)),
      faults_(std::move(list)) {
    if (faults_.size() > most_faults) faults_.resize(most_faults);
    for (auto &f : faults_) {
        if (f.pointer.size() > longest_pointer) {
            auto const step = f.pointer.rfind('/', longest_pointer);
            f.pointer.resize(step == f.pointer.npos ? 0 : step);
        }
        for (auto *text : {&f.parameter, &f.detail, &f.expected, &f.got}) cut(*text);
    }
}

http_error &&http_error::with(std::string name, json value) && {
    for (std::string_view const own : {"status", "detail", "message"})
        if (name == own) throw std::invalid_argument(concat("http_error::with: an error has its own ", own));
    if (!members_)
        members_ = std::make_shared<std::map<std::string, json>>();
    else if (members_.use_count() > 1)
        members_ = std::make_shared<std::map<std::string, json>>(*members_);
    members_->insert_or_assign(std::move(name), std::move(value));
    return std::move(*this);
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
