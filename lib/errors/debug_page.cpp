#include "phial/errors/debug_page.hpp"

#include "phial/errors/html_page.hpp"
#include "phial/errors/stack_section.hpp"
#include "phial/http/computing.hpp"
#include "phial/logging/redact.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/html_escape.hpp"

#include <optional>
#include <utility>

namespace phial {
namespace {

std::string item(std::string_view name, std::string_view value) {
    return concat("<dt>", html_escape(name), "</dt><dd><code>", names_a_secret(name) ? "(hidden)" : html_escape(value),
                  "</code></dd>\n");
}

std::string section(std::string_view title, std::string_view items) {
    if (items.empty()) return {};
    return concat("<h2>", title, "</h2>\n<dl>\n", items, "</dl>\n");
}

std::string field_items(form_fields const &fields) {
    std::string items;
    for (auto const &[name, value] : fields) items += item(name, value);
    return items;
}

std::string query_section(request const &rq) {
    form_fields shown;
    for (auto const &[name, value] : rq.args()) keep_to_show(shown, name, value);
    return section("Query", field_items(shown));
}

std::string form_section(request const &rq) {
    return rq.notes.form ? section("Form, as far as it was read", field_items(*rq.notes.form)) : std::string();
}

// A Referer may have a query with secrets.
std::string header_section(request const &rq) {
    std::string items;
    for (auto const &[name, value] : rq.headers())
        items += iequals(name, "Referer") ? item(name, loggable_target(value)) : item(name, value);
    return section("Request header", items);
}

class late_page final : public body_stream {
  public:
    late_page(request const &rq, std::string description, std::vector<std::uintptr_t> stack)
        : rq_(rq),
          description_(std::move(description)),
          stack_(std::move(stack)) {}

    task<std::optional<std::string_view>> next() override {
        if (!page_.empty()) co_return std::nullopt;
        auto const make = [this] { page_ = debug_page(rq_, description_, symbolise(stack_)); };
        co_await compute(rq_.context().computing, SIZE_MAX, make);
        co_return page_;
    }
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }

  private:
    request const &rq_;
    std::string description_;
    std::vector<std::uintptr_t> stack_;
    std::string page_;
};

} // namespace

std::string debug_page(request const &rq, std::string_view description, std::span<stack_frame const> stack) {
    auto const title = html_escape(description);
    auto const route = rq.notes.route.empty() ? "(none)" : rq.notes.route;
    return html_page(title, concat("<h1>", title, "</h1>\n<p>in <code>", to_string(rq.head().method), " ",
                                   html_escape(rq.path()), "</code>, route <code>", html_escape(route), "</code></p>\n",
                                   stack_section(stack, rq.context().sources), query_section(rq), form_section(rq),
                                   header_section(rq), "<footer>This page is shown in debug mode only.</footer>\n"));
}

std::unique_ptr<body_stream> late_debug_page(request const &rq, std::string description,
                                             std::vector<std::uintptr_t> stack) {
    return std::make_unique<late_page>(rq, std::move(description), std::move(stack));
}

} // namespace phial
