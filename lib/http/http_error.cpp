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

struct http_error::details {
    fault_list faults;
    std::map<std::string, json> members;
};

http_error::http_error(unsigned status, std::string message)
    : status_(status),
      message_(message.empty() ? std::string(reason_phrase(status)) : std::move(message)) {}

http_error::http_error(unsigned status, std::string message, fault_list list) : http_error(status, std::move(message)) {
    if (list.size() > most_faults) list.resize(most_faults);
    for (auto &f : list) {
        if (f.pointer.size() > longest_pointer) {
            auto const step = f.pointer.rfind('/', longest_pointer);
            f.pointer.resize(step == f.pointer.npos ? 0 : step);
        }
        for (auto *text : {&f.parameter, &f.detail, &f.expected, &f.got}) cut(*text);
    }
    if (!list.empty()) own_details().faults = std::move(list);
}

http_error::details &http_error::own_details() {
    if (details_ == nullptr)
        details_ = std::make_shared<details>();
    else if (details_.use_count() > 1)
        details_ = std::make_shared<details>(*details_);
    return *details_;
}

std::span<fault const> http_error::faults() const noexcept {
    return details_ == nullptr ? std::span<fault const>() : details_->faults;
}

std::map<std::string, json> const *http_error::members() const noexcept {
    return details_ == nullptr || details_->members.empty() ? nullptr : &details_->members;
}

http_error &&http_error::with(std::string name, json value) && {
    for (std::string_view const own : {"status", "detail", "message"})
        if (name == own) throw std::invalid_argument(concat("http_error::with: an error has its own ", own));
    for (std::string_view const text : {"type", "title", "instance"})
        if (name == text && value.view().kind() != json_kind::string)
            throw std::invalid_argument(concat("http_error::with: ", text, " must be a text (RFC 9457 3.1)"));
    own_details().members.insert_or_assign(std::move(name), std::move(value));
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
