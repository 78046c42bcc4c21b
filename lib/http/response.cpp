#include "phial/http/response.hpp"

#include "phial/http/request.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>
#include <stdexcept>

namespace phial {
namespace {

constexpr std::string_view server_fields[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Server"};

void check(std::string_view name, std::string_view value) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_char))
        throw std::invalid_argument("response: '" + std::string(name) + "' is not a header field name");
    for (auto const field : server_fields)
        if (iequals(name, field))
            throw std::invalid_argument("response: the server sets " + std::string(field) + " itself");
    if (std::any_of(value.begin(), value.end(), is_control))
        throw std::invalid_argument("response: the value of " + std::string(name) + " holds a control character");
}

std::string_view take_line(std::string_view &lines) {
    auto const line = lines.substr(0, lines.find("\r\n") + 2);
    lines.remove_prefix(line.size());
    return line;
}

bool is_named(std::string_view line, std::string_view name) {
    return line.size() > name.size() && line[name.size()] == ':' && iequals(line.substr(0, name.size()), name);
}

} // namespace

response &response::set(std::string_view name, std::string_view value) & {
    check(name, value);
    remove(name);
    return add(name, value);
}

response &response::add(std::string_view name, std::string_view value) & {
    check(name, value);
    if (iequals(name, "Content-Type")) remove(name); // at most one: the new one replaces it
    lines_.append(name).append(": ").append(trim(value)).append("\r\n");
    return *this;
}

void response::remove(std::string_view name) {
    if (iequals(name, "Content-Type")) type_ = {};
    std::string kept;
    for (std::string_view rest = lines_; !rest.empty();) {
        auto const line = take_line(rest);
        if (!is_named(line, name)) kept += line;
    }
    lines_ = std::move(kept);
}

std::string_view response::get(std::string_view name) const noexcept {
    if (!type_.empty() && iequals(name, "Content-Type")) return type_;
    for (std::string_view rest = lines_; !rest.empty();) {
        auto const line = take_line(rest);
        if (is_named(line, name)) return line.substr(name.size() + 2, line.size() - name.size() - 4);
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
