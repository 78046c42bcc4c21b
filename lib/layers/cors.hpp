// Which pages of other origins may read what the service answers: the CORS protocol of the Fetch standard.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/http/layer.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Origins that may read responses.
class allowed_origins {
  public:
    /// None.
    allowed_origins() = default;
    /// `*`, any; or a list of origins such as `https://shop.example, http://localhost:3000`, separated by commas.
    /// Throws std::invalid_argument, whose text is the end of a sentence, when one is not an origin.
    explicit allowed_origins(std::string_view list);

    [[nodiscard]] bool empty() const noexcept { return !any_ && names_.empty(); }
    [[nodiscard]] bool any() const noexcept { return any_; }
    /// Whether pages of that origin (the field Origin) may. Origins are compared as bytes, as browsers send them.
    [[nodiscard]] bool contains(std::string_view origin) const noexcept;

  private:
    bool any_ = false;
    std::vector<std::string> names_;
};

/// A layer for an app, outside of everything else: it must see refusals and answer preflights before anybody asks for a
/// login.
///
///     app = with(std::move(app), also_on_refusals(cors(allowed_origins("https://shop.example"))));
///
/// It adds Access-Control-Allow-Origin to the responses for allowed origins, and the fields that scripts may read. With
/// named origins browsers may send credentials, and each response has `Vary: Origin`; with `*` they may not. A
/// preflight (OPTIONS with Origin and Access-Control-Request-Method) gets 204 with the methods that the route table has
/// for the path, and the fields that were asked for; browsers keep that for ten minutes. For other origins it adds
/// nothing: browsers do not give the response to the page, and the request is handled, as the standard says.
class cors {
  public:
    explicit cors(allowed_origins origins) : origins_(std::make_shared<allowed_origins const>(std::move(origins))) {}

    task<response> operator()(handler const &next, request &rq) const;

  private:
    std::shared_ptr<allowed_origins const> origins_;
};

} // namespace phial
