#include "phial/openapi/document.hpp"

#include "phial/openapi/error_responses.hpp"
#include "phial/openapi/operation.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {
namespace {

// Relative to the address of the document.
constexpr std::string_view relative_servers = R"([{"url":"."}])";

// As OpenAPI writes it: "/notes/{id}".
std::string template_of(mounted_route const &route) {
    std::string path(route.prefix);
    for (std::size_t n = 0; n < route.parsed->size; ++n) {
        auto const &s = route.parsed->segments[n];
        path += s.kind == segment_kind::literal ? concat("/", s.text) : concat("/{", s.text, "}");
    }
    return path;
}

// Paths that differ in the names of their parameters alone are the same path.
std::string without_names(std::string_view path) {
    std::string out;
    bool is_name = false;
    for (char const c : path) {
        if (c == '}') is_name = false;
        if (!is_name) out += c;
        if (c == '{') is_name = true;
    }
    return out;
}

// "get_notes_id", once in a document.
std::string operation_id(method m, std::string_view path, std::set<std::string> &taken) {
    auto id = lower(to_string(m));
    for (char const c : path) {
        if (is_alpha(c) || is_digit(c))
            id += c;
        else if (!id.ends_with('_'))
            id += '_';
    }
    while (id.ends_with('_')) id.pop_back();
    auto unique = id;
    for (int n = 2; !taken.insert(unique).second; ++n) unique = concat(id, "_", n);
    return unique;
}

class document {
  public:
    explicit document(std::vector<mounted_route> const &all) {
        std::map<std::string, std::size_t> known; // paths without names
        for (auto const &route : all)
            if (!route.notes->is_hidden) routes_.push_back(route);
        for (auto const &route : routes_) {
            auto path = template_of(route);
            auto const [at, is_new] = known.emplace(without_names(path), paths_.size());
            if (is_new) paths_.push_back({std::move(path), {}});
            add(paths_[at->second], route);
        }
    }

    std::string write(api_info const &info) {
        to_.object([&] {
            to_.text("openapi", "3.1.0");
            to_.object("info", [&] { write_info(info); });
            to_.raw("servers", relative_servers);
            to_.raw("security", "[]");
            write_tags();
            to_.object("paths", [&] {
                for (auto const &one : paths_) to_.object(one.path, [&] { write_path(one); });
            });
            to_.object("components", [&] { write_components(); });
        });
        return to_.take();
    }

  private:
    struct path_item {
        std::string path;
        std::vector<std::pair<method, mounted_route const *>> operations;
    };

    // The first route that has a method counts.
    void add(path_item &item, mounted_route const &route) {
        bool is_shown = false;
        for (auto const m :
             {method::get, method::post, method::put, method::patch, method::delete_, method::options, method::trace}) {
            auto const is_same = [m](auto const &known) { return known.first == m; };
            if (!route.allowed.contains(m) || std::any_of(item.operations.begin(), item.operations.end(), is_same))
                continue;
            item.operations.emplace_back(m, &route);
            is_shown = true;
        }
        if (is_shown) add_types(parts_, route);
    }

    void write_info(api_info const &info) {
        to_.text("title", info.title);
        to_.text("version", info.version);
        if (!info.description.empty()) to_.text("description", info.description);
        if (!info.license.empty())
            to_.object("license", [&] {
                to_.text("name", info.license);
                to_.text("identifier", info.license);
            });
    }

    // The first description of a tag counts.
    void write_tags() {
        std::vector<route_tag const *> tags;
        for (auto const &route : routes_) {
            auto const is_same = [&](route_tag const *known) { return known->name == route.tag->name; };
            if (!route.tag->name.empty() && std::none_of(tags.begin(), tags.end(), is_same)) tags.push_back(route.tag);
        }
        if (tags.empty()) return;
        to_.array("tags", [&] {
            for (auto const *tag : tags)
                to_.object([&] {
                    to_.text("name", tag->name);
                    if (!tag->description.empty()) to_.text("description", tag->description);
                });
        });
    }

    void write_path(path_item const &item) {
        for (auto const &[m, route] : item.operations) {
            to_.key(lower(to_string(m)));
            write_operation(to_, parts_, *route, m, item.path, operation_id(m, item.path, ids_));
        }
    }

    void write_components() {
        to_.object("schemas", [&] {
            parts_.schemas.write_components(to_);
            write_error_schemas(to_);
        });
        to_.object("responses", [&] { write_error_responses(to_, parts_.errors); });
        if (parts_.logins.empty()) return;
        to_.object("securitySchemes", [&] {
            for (auto const &login : parts_.logins)
                to_.object(login.first, [&] {
                    to_.text("type", "http");
                    to_.text("scheme", lower(login.second.substr(0, login.second.find(' '))));
                });
        });
    }

    std::vector<mounted_route> routes_;
    std::vector<path_item> paths_;
    openapi_parts parts_;
    std::set<std::string> ids_;
    json_writer to_;
};

} // namespace

std::string openapi(api_info const &info, router const &routes) { return document(routes.routes()).write(info); }

struct openapi_document::state {
    api_info info;
    std::vector<mounted_route> routes;
    std::once_flag once;
    std::string text;
};

openapi_document::openapi_document(api_info info, router const &routes)
    : state_(std::make_unique<state>(std::move(info), routes.routes())) {
    (void)document(state_->routes); // a mistake is reported at the start
}

openapi_document::openapi_document(openapi_document &&) noexcept = default;
openapi_document::~openapi_document() = default;

std::string const &openapi_document::text() const {
    std::call_once(state_->once, [this] { state_->text = document(state_->routes).write(state_->info); });
    return state_->text;
}

std::string at_root_path(std::string_view document, std::string_view root_path) {
    auto const servers = concat("\"servers\":", relative_servers); // in a text its quotes would have backslashes
    auto const begin = document.find(servers);
    if (root_path.empty() || begin == document.npos) return std::string(document);
    json_writer named;
    named.array([&] { named.object([&] { named.text("url", root_path); }); });
    return concat(document.substr(0, begin), "\"servers\":", named.take(), document.substr(begin + servers.size()));
}

} // namespace phial
