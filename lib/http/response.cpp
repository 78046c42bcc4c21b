#include "phial/http/response.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/text/ascii.hpp"

namespace phial {
namespace {

constexpr std::string_view content_type = "Content-Type";

} // namespace

response &response::set(std::string_view name, std::string_view value) & {
    std::string line;
    append_field_line(line, name, value);
    remove(name);
    lines() += line;
    return *this;
}

response &response::add(std::string_view name, std::string_view value) & {
    if (iequals(name, content_type)) return set(name, value); // at most one: the new one replaces it
    append_field_line(lines(), name, value);
    return *this;
}

response &response::add_fields_of(http_error const &e) & {
    for (std::string_view rest = e.field_lines(); !rest.empty();) {
        auto const line = take_field_line(rest);
        if (is_field_named(line, content_type)) remove(content_type);
        lines() += line;
    }
    return *this;
}

void response::remove(std::string_view name) {
    if (iequals(name, content_type)) type_ = {};
    if (is_field_named(line_, name)) line_ = {};
    if (!lines_) return;
    std::string kept;
    for (std::string_view rest = *lines_; !rest.empty();) {
        auto const line = take_field_line(rest);
        if (!is_field_named(line, name)) kept += line;
    }
    lines_ = std::move(kept);
}

std::string_view response::find(std::string_view name) const noexcept {
    if (is_field_named(line_, name)) return line_.substr(name.size() + 2);
    for (std::string_view rest = field_lines(); !rest.empty();) {
        auto const line = take_field_line(rest);
        if (is_field_named(line, name)) return line.substr(name.size() + 2, line.size() - name.size() - 4);
    }
    return {};
}

response html(std::string page) { return {"text/html; charset=utf-8", std::move(page)}; }

response jsonify(request const &rq, json const &value) {
    if (rq.debug()) return {"application/json", dumps_indented(value) + '\n'};
    if (value.shared_text()) {
        body_builder body(rq);
        body.share(value.shared_text());
        body += '\n';
        return {"application/json", std::move(body)};
    }
    std::string body;
    body.reserve(value.text().size() + 1);
    (body += value.text()) += '\n';
    return {"application/json", std::move(body)};
}

response jsonify(request const &rq, std::initializer_list<json_member> members) {
    if (rq.debug()) return jsonify(rq, json(members));
    body_builder body(rq);
    append_json(body, json_part(members));
    body += '\n';
    return {"application/json", std::move(body)};
}

response redirect(std::string_view location, unsigned status) {
    return text("Redirecting to ", location, "\n").status(status).set("Location", location);
}

} // namespace phial
