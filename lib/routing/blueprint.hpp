// A set of routes with a common prefix, layers and error handlers: Flask's Blueprint.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/layer.hpp"
#include "phial/http/method.hpp"
#include "phial/routing/view.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

///     blueprint bp("/shop");
///     bp.get<"/articles/<id>">(read_article);
///     bp.post<"/messages">(receive_message, uploads);
///     bp.get(article, read_article);
///     bp.route<"/echo">({method::get, method::post}, echo);
///     bp.get<"/secrets">(top_secret).use(requires_auth, known, "Shop");
///     bp.use(json_only, bounds);
///     bp.error_handler(404, not_found);
///
/// with, for the first two and for the layer:
///
///     task<response> read_article(request &, std::string_view id);
///     task<response> receive_message(file_store &, request &);
///     task<response> json_only(limits const &, handler const &next, request &);
///
/// The third names a route value, so that url_for can find it. A handler that does not fit its pattern does not
/// compile. GET brings HEAD, and every route brings OPTIONS.
class blueprint {
  public:
    struct entry {
        std::string_view pattern; // of static storage
        parsed_pattern const *parsed;
        std::string_view name; // may be empty
        phial::methods verbs;
        std::unique_ptr<phial::view const> view;
        std::vector<bound_layer> layers;

        /// Wraps a layer around this route alone, within those of the blueprint; the first is outermost. See `with`.
        template <class L, class... Bound>
        entry &use(L l, Bound &...bound) {
            layers.push_back(bind_layer(std::move(l), bound...));
            return *this;
        }
    };

    /// `prefix` goes before every pattern: empty, or with a slash in front and none at the end, else
    /// std::invalid_argument.
    explicit blueprint(std::string prefix = {});

    /// Registers a handler for methods; see make_view for `bound`. The reference is good until the next is registered.
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &route(phial::route<Pattern, Name> r, phial::methods verbs, F f, Bound &...bound) {
        entries_.push_back({r.text(), &r.pattern, r.name(), verbs, make_view<Pattern>(std::move(f), bound...), {}});
        return entries_.back();
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &route(phial::methods verbs, F f, Bound &...bound) {
        return route(phial::route<Pattern>(), verbs, std::move(f), bound...);
    }

    template <fixed_string Pattern, class F, class... Bound>
    entry &get(F f, Bound &...bound) {
        return route(phial::route<Pattern>(), {method::get}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &post(F f, Bound &...bound) {
        return route(phial::route<Pattern>(), {method::post}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &put(F f, Bound &...bound) {
        return route(phial::route<Pattern>(), {method::put}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &patch(F f, Bound &...bound) {
        return route(phial::route<Pattern>(), {method::patch}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &delete_(F f, Bound &...bound) {
        return route(phial::route<Pattern>(), {method::delete_}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &get(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return route(r, {method::get}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &post(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return route(r, {method::post}, std::move(f), bound...);
    }

    /// Wraps a layer around every route of this blueprint, registered before or after; the first is outermost. See
    /// `with`. Only requests that have a route pass it: a 404, a 405 and an OPTIONS that no route has are the router's,
    /// so what concerns those (CORS) belongs around the app.
    template <class L, class... Bound>
    void use(L l, Bound &...bound) {
        layers_.push_back(bind_layer(std::move(l), bound...));
    }

    /// Answers the errors of this blueprint's handlers and of its layers, around both: a layer sees an error as an
    /// exception. A later one replaces an earlier one, and the app's.
    void error_handler(unsigned status, phial::error_handler call) { errors_.on(status, std::move(call)); }

    [[nodiscard]] std::string const &prefix() const noexcept { return prefix_; }
    [[nodiscard]] std::vector<entry> &entries() noexcept { return entries_; }
    [[nodiscard]] std::vector<bound_layer> const &layers() const noexcept { return layers_; }
    [[nodiscard]] error_handlers &errors() noexcept { return errors_; }

  private:
    std::string prefix_;
    std::vector<entry> entries_;
    std::vector<bound_layer> layers_;
    error_handlers errors_;
};

} // namespace phial
