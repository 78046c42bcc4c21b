// Mounts blueprints, and calls the handler of a route.
#include "phial/routing/router.hpp"

#include "phial/errors/inner_errors.hpp"
#include "phial/http/http_error.hpp"
#include "phial/routing/layered_handler.hpp"
#include "phial/routing/route_tree.hpp"
#include "phial/text/uri.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace phial {
namespace {

response options(std::string_view allowed) { return response(200).set("Allow", allowed); }

outcome method_not_allowed(request const &rq, std::string_view allowed) {
    return http_error(405, concat("Method Not Allowed: this address has ", allowed, ", not ", rq.method(),
                                  ".")) // the same for HEAD as for GET
        .add("Allow", allowed);
}

// What an Allow field says: every address has OPTIONS.
std::string names_of(methods allowed) {
    allowed.insert(method::options);
    return allowed.to_string();
}

std::string merge_slashes(std::string_view path) {
    std::string out;
    for (char const c : path)
        if (c != '/' || !out.ends_with('/')) out += c;
    return out;
}

} // namespace

struct route_entry {
    std::string pattern; // with the prefix
    std::string name;
    methods allowed;
    std::unique_ptr<route_handler const> handler;
    std::vector<layer_fact> facts;
    std::shared_ptr<inner_errors const> errors; // null: the blueprint has none
    bool is_limited;
    route_limits limits;

    // The error, if the request is not within the limits of the route.
    std::optional<http_error> limit(request &rq) const {
        rq.notes.handler_seconds = limits.handler_seconds;
        return limits.body ? rq.limit_body(*limits.body) : std::nullopt;
    }

    // For the documentation.
    std::size_t prefix_size;
    parsed_pattern const *parsed;
    handler_declaration declares;
    route_tag tag;
    route_notes notes;
};

class router::table final : public url_map {
  public:
    void mount(blueprint bp);

    std::string_view prefix_of(std::string_view name) const override {
        for (auto const &[known, prefix] : names_)
            if (known == name) return prefix;
        throw std::invalid_argument("url_for: no route named '" + std::string(name) + "' is mounted");
    }

    route_node const &root() const noexcept { return root_; }

    methods all_methods() const noexcept {
        methods all;
        for (auto const &e : entries_) all.insert(e->allowed);
        return all;
    }

    std::vector<mounted_route> routes() const {
        std::vector<mounted_route> all;
        all.reserve(entries_.size());
        for (auto const &e : entries_)
            all.push_back({e->pattern, e->name, e->allowed, e->facts,
                           std::string_view(e->pattern).substr(0, e->prefix_size), e->parsed, e->declares, &e->tag,
                           &e->notes, e->limits});
        return all;
    }

  private:
    void check_name(route_entry const &e) const;

    route_node root_;
    std::vector<std::unique_ptr<route_entry>> entries_;
    std::vector<std::pair<std::string, std::string>> names_; // name, prefix
};

void router::table::check_name(route_entry const &e) const {
    for (auto const &other : entries_)
        if (!e.name.empty() && other->name == e.name && other->pattern != e.pattern)
            throw std::invalid_argument("the route name '" + e.name + "' is used twice: by " + other->pattern +
                                        " and by " + e.pattern);
}

void router::table::mount(blueprint bp) {
    std::shared_ptr<inner_errors const> errors;
    if (!bp.errors().empty()) errors = std::make_shared<inner_errors const>(std::move(bp.errors()));
    auto const prefix = bp.prefix().empty() ? parsed_pattern() : parse_pattern(bp.prefix());
    for (auto &route : bp.entries()) {
        auto e = std::make_unique<route_entry>();
        e->pattern = bp.prefix() + std::string(route.pattern);
        e->name = route.name;
        e->allowed = route.allowed;
        if (e->allowed.contains(method::connect) ||
            (e->allowed.contains(method::head) && !e->allowed.contains(method::get)))
            throw std::invalid_argument(
                e->pattern + ": HEAD comes with GET, and CONNECT is for proxies; neither can have a separate handler");
        if (e->pattern.empty())
            throw std::invalid_argument("an empty route pattern is the prefix of its blueprint, and there is none");
        auto const &inputs = route.declares.inputs;
        bool const wants_content =
            std::any_of(inputs.begin(), inputs.end(), [](auto const &i) { return i.is_content(); });
        if (wants_content && !content_methods.contains_all(e->allowed))
            throw std::invalid_argument(e->pattern + ": its handler declares a body, and of " + e->allowed.to_string() +
                                        " only POST, PUT and PATCH have one");
        if (e->allowed.contains(method::get)) e->allowed.insert(method::head);
        route.layers.insert(route.layers.begin(), bp.layers().begin(), bp.layers().end());
        for (auto const &l : route.layers) e->facts.insert(e->facts.end(), l.facts.begin(), l.facts.end());
        e->handler = layered_handler(std::move(route.handler), route.layers);
        e->errors = errors;
        e->is_limited = !route.limits.empty();
        e->limits = route.limits;
        e->prefix_size = bp.prefix().size();
        e->parsed = route.parsed;
        e->tag = bp.tag();
        e->declares = route.declares;
        e->notes = std::move(route.notes);
        check_name(*e);
        auto &n = node_after(node_after(root_, prefix), *route.parsed);
        for (auto const m : {method::get, method::head, method::post, method::put, method::patch, method::delete_,
                             method::options, method::trace})
            if (auto const *other = e->allowed.contains(m) ? n.route_for(m) : nullptr)
                throw std::invalid_argument(std::string(to_string(m)) + " " + e->pattern +
                                            " has two handlers; the other is " + other->pattern);
        n.allowed.insert(e->allowed);
        n.allow = names_of(n.allowed);
        n.routes.emplace_back(e->allowed, e.get());
        if (!e->name.empty()) names_.emplace_back(e->name, bp.prefix());
        entries_.push_back(std::move(e));
    }
}

router::router() : table_(std::make_unique<table>()) {}
router::router(router &&) noexcept = default;
router::~router() = default;

router &router::mount(blueprint bp) {
    table_->mount(std::move(bp));
    return *this;
}

std::vector<mounted_route> router::routes() const { return table_->routes(); }

outcome router::operator()(request &rq) const {
    rq.notes.urls = table_.get();
    auto const path = rq.path();
    if (path == "*") return options(names_of(table_->all_methods()));
    route_match f;
    if (find_route(table_->root(), path.substr(1), rq.effective_method(), f)) {
        rq.notes.route = f.route->pattern;
        auto const call = [&]() -> outcome {
            if (f.route->is_limited)
                if (auto too_large = f.route->limit(rq)) return std::move(*too_large);
            return f.route->handler->call(rq, f.values);
        };
        return f.route->errors ? f.route->errors->around(rq, call) : call();
    }
    if (f.allowed.empty() && path.find("//") != path.npos) {
        auto const merged = merge_slashes(path);
        if (find_route(table_->root(), std::string_view(merged).substr(1), rq.effective_method(), f)) {
            auto location = concat(rq.root_path(), percent_encode(merged, true));
            if (!rq.query().empty()) (location += '?') += encode_query(rq.query());
            return redirect(location, 308);
        }
    }
    if (f.allowed.empty()) return http_error(404);
    std::string joined;
    if (f.allow.empty()) {
        joined = names_of(f.allowed);
        f.allow = joined;
    }
    if (rq.effective_method() == method::options) return options(f.allow);
    return method_not_allowed(rq, f.allow);
}

} // namespace phial
