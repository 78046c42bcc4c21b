// A set of routes with a common prefix and error handlers of its own: Flask's Blueprint.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/method.hpp"
#include "phial/routing/view.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

///     blueprint bp("/shop");
///     bp.get<"/articles/<id>">(read_article);                 task<response> read_article(request&, std::string_view
///     id) bp.post<"/messages">(receive_message, uploads);         task<response> receive_message(file_store&,
///     request&) bp.get(article, read_article);                          a route value, so that url_for can find it
///     bp.route<"/echo">({method::get, method::post}, echo);
///     bp.error_handler(404, not_found);
///
/// A handler that does not fit its pattern does not compile. GET brings HEAD, and every route brings OPTIONS.
class blueprint {
  public:
    struct entry {
        std::string_view pattern; // of static storage
        parsed_pattern const *parsed;
        std::string_view name; // may be empty
        phial::methods verbs;
        std::unique_ptr<phial::view const> view;
    };

    /// `prefix` goes before every pattern: empty, or with a slash in front and none at the end, else
    /// std::invalid_argument.
    explicit blueprint(std::string prefix = {});

    /// Registers a handler for methods; see make_view for `bound`.
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    void route(phial::route<Pattern, Name> r, phial::methods verbs, F f, Bound &...bound) {
        entries_.push_back({r.text(), &r.pattern, r.name(), verbs, make_view<Pattern>(std::move(f), bound...)});
    }
    template <fixed_string Pattern, class F, class... Bound>
    void route(phial::methods verbs, F f, Bound &...bound) {
        route(phial::route<Pattern>(), verbs, std::move(f), bound...);
    }

    template <fixed_string Pattern, class F, class... Bound>
    void get(F f, Bound &...bound) {
        route(phial::route<Pattern>(), {method::get}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    void post(F f, Bound &...bound) {
        route(phial::route<Pattern>(), {method::post}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    void put(F f, Bound &...bound) {
        route(phial::route<Pattern>(), {method::put}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    void patch(F f, Bound &...bound) {
        route(phial::route<Pattern>(), {method::patch}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    void delete_(F f, Bound &...bound) {
        route(phial::route<Pattern>(), {method::delete_}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    void get(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        route(r, {method::get}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    void post(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        route(r, {method::post}, std::move(f), bound...);
    }

    /// Answers the errors of this blueprint's handlers; a later one replaces an earlier one, and the app's.
    void error_handler(unsigned status, phial::error_handler call) { errors_.on(status, std::move(call)); }

    [[nodiscard]] std::string const &prefix() const noexcept { return prefix_; }
    [[nodiscard]] std::vector<entry> &entries() noexcept { return entries_; }
    [[nodiscard]] error_handlers &errors() noexcept { return errors_; }

  private:
    std::string prefix_;
    std::vector<entry> entries_;
    error_handlers errors_;
};

} // namespace phial
