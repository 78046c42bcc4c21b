// A set of routes with a common prefix, layers and error handlers: Flask's Blueprint.
#pragma once

#include "phial/errors/error_handlers.hpp"
#include "phial/http/layer.hpp"
#include "phial/http/method.hpp"
#include "phial/routing/route_limits.hpp"
#include "phial/routing/route_notes.hpp"
#include "phial/routing/typed_handler.hpp"
#include "phial/text/byte_units.hpp"

#include <chrono>
#include <cstdint>
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
///     bp.post<"/orders">(take_order).body_limit(64_KiB).deadline(5s);
///     bp.use(json_only, bounds);
///     bp.error_handler(404, not_found);
///     bp.get<"">(list_shops);
///     bp.post<"/notes">(add_note);
///
/// where the first two handlers and the layer are:
///
///     task<response> read_article(request &, std::string_view id);
///     task<response> receive_message(file_store &, request &);
///     task<response> json_only(limits const &, handler const &next, request &);
///
/// and the last one declares what it wants and what it answers with (see body and created):
///
///     task<created<note>> add_note(request &, body<new_note> in);
///
/// The third uses a named route, so that url_for can find it. The empty pattern is the prefix itself. A handler that
/// does not fit its pattern does not compile. A route for GET also serves HEAD, and every route serves OPTIONS.
class blueprint {
  public:
    struct entry {
        std::string_view pattern; // with static storage
        parsed_pattern const *parsed;
        std::string_view name; // may be empty
        phial::methods allowed;
        std::unique_ptr<phial::route_handler const> handler;
        handler_declaration declares;
        std::vector<bound_layer> layers = {};
        route_notes notes = {};
        route_limits limits = {};

        /// Wraps a layer around this route only, inside those of the blueprint; the first layer is outermost. See
        /// `with`.
        template <class L, class... Bound>
        entry &use(L l, Bound &...bound) {
            layers.push_back(bind_layer(std::move(l), bound...));
            return *this;
        }

        /// The most bytes of a body that this route takes, whether it is read whole, in parts or as it comes.
        /// Above this limit the response is 413: before anything is read if the length is announced, otherwise as soon
        /// as more has come. It replaces message_limits::body_in_memory (`--max-body`), and may be larger;
        /// message_limits::body (`--upload-limit`) is for the operator and holds all the same.
        entry &body_limit(std::uint64_t bytes);
        /// The time that the handler has, counted as `--handler-timeout` is and instead of it. Longer: 503. Throws
        /// std::invalid_argument if it is not at least a second.
        entry &deadline(std::chrono::seconds time);

        // What the documentation says (see openapi()); none of it changes what the route does. Texts are CommonMark.

        /// One line. Without it, the method and the path.
        entry &summary(std::string text);
        entry &description(std::string text);
        /// An error that the handler responds with, and when. `media_type`: of the response, if an error handler makes
        /// it in another format than error pages. Throws std::invalid_argument if `status` is not from 400 to 599.
        entry &answers(unsigned status, std::string when, std::string media_type = {});
        /// Leaves the route out.
        entry &hidden();

        /// For a handler that reads the request itself: the media type of a content that it takes, or what it would
        /// declare as a parameter, such as `takes<query<paging>>()`.
        entry &takes(std::string media_type);
        template <class Input>
        entry &takes() {
            return add_input(detail::input_of<Input>::value);
        }
        /// For a handler that makes the response itself: a content that it gives, of any kind, or with the schema of T.
        entry &gives(std::string media_type, unsigned status = 200) {
            return add_result(std::move(media_type), nullptr, status);
        }
        template <class T>
        entry &gives(std::string media_type = "application/json", unsigned status = 200) {
            return add_result(std::move(media_type), &schema_of<T>, status);
        }

      private:
        friend class blueprint;
        entry &add_input(input_schema input);
        entry &add_result(std::string media_type, schema const *type, unsigned status);
    };

    /// `prefix` is put before every pattern. It is empty, or has a slash in front, none at the end and no parameters;
    /// otherwise this throws std::invalid_argument.
    explicit blueprint(std::string prefix = {});

    /// Registers a handler for methods; see make_declared_handler for `bound`. The reference is valid until the next
    /// route is registered.
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &route(phial::route<Pattern, Name> r, phial::methods allowed, F f, Bound &...bound) {
        return add<true>(r, allowed, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &route(phial::methods allowed, F f, Bound &...bound) {
        return add<true>(phial::route<Pattern>(), allowed, std::move(f), bound...);
    }

    template <fixed_string Pattern, class F, class... Bound>
    entry &get(F f, Bound &...bound) {
        return add<false>(phial::route<Pattern>(), {method::get}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &get(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return add<false>(r, {method::get}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &post(F f, Bound &...bound) {
        return add<true>(phial::route<Pattern>(), {method::post}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &post(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return add<true>(r, {method::post}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &put(F f, Bound &...bound) {
        return add<true>(phial::route<Pattern>(), {method::put}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &put(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return add<true>(r, {method::put}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &patch(F f, Bound &...bound) {
        return add<true>(phial::route<Pattern>(), {method::patch}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &patch(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return add<true>(r, {method::patch}, std::move(f), bound...);
    }
    template <fixed_string Pattern, class F, class... Bound>
    entry &delete_(F f, Bound &...bound) {
        return add<false>(phial::route<Pattern>(), {method::delete_}, std::move(f), bound...);
    }
    template <fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &delete_(phial::route<Pattern, Name> r, F f, Bound &...bound) {
        return add<false>(r, {method::delete_}, std::move(f), bound...);
    }

    /// Wraps a layer around every route of this blueprint, registered before or after; the first layer is outermost.
    /// See `with`. Only requests that match a route pass it: the router itself responds with 404 and 405, and to
    /// OPTIONS if no route does. A layer for those responses (CORS) belongs around the app.
    template <class L, class... Bound>
    void use(L l, Bound &...bound) {
        layers_.push_back(bind_layer(std::move(l), bound...));
    }

    /// Handles errors of this blueprint's handlers and layers, outside of both: a layer sees an error as an exception.
    /// It replaces an earlier handler for the same status code, and that of the app.
    void error_handler(unsigned status, phial::error_handler call) { errors_.set(status, std::move(call)); }

    /// What the documentation groups the routes under; without it, the prefix. `description` is CommonMark.
    void tag(std::string name, std::string description = {}) { tag_ = {std::move(name), std::move(description)}; }

    [[nodiscard]] std::string const &prefix() const noexcept { return prefix_; }
    [[nodiscard]] route_tag const &tag() const noexcept { return tag_; }
    [[nodiscard]] std::vector<entry> &entries() noexcept { return entries_; }
    [[nodiscard]] std::vector<bound_layer> const &layers() const noexcept { return layers_; }
    [[nodiscard]] error_handlers &errors() noexcept { return errors_; }

  private:
    // What a generator yields is known from its type.
    template <class Result>
    static void note_stream(entry &e) {
        if constexpr (generated<Result>) {
            using format = typename Result::format;
            if constexpr (requires { format::line; })
                e.add_result(std::string(format::content_type.text), format::line, 200);
            else
                e.gives(std::string(format::content_type.text));
        }
    }

    // HasBody: whether requests with these methods have one.
    template <bool HasBody, fixed_string Pattern, fixed_string Name, class F, class... Bound>
    entry &add(phial::route<Pattern, Name> r, phial::methods allowed, F f, Bound &...bound) {
        auto made = make_declared_handler<Pattern, HasBody>(std::move(f), bound...);
        entries_.push_back({r.text(), &r.pattern, r.name(), allowed, std::move(made.call), std::move(made.declares)});
        if constexpr (detail::signature<F>::is_known)
            note_stream<typename detail::signature<F>::result>(entries_.back());
        return entries_.back();
    } // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the entry owns its handler

    std::string prefix_;
    route_tag tag_;
    std::vector<entry> entries_;
    std::vector<bound_layer> layers_;
    error_handlers errors_;
};

} // namespace phial
