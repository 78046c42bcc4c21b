// Chapter "Status Codes & Errors".
#include "phial/errors/error_pages.hpp"
#include "phial/handlers/chapters.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

namespace phial::chapters {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> known{
    {{"1", "john"}, {"2", "steve"}, {"3", "bill"}}};

task<response> read_user(request &rq, std::string_view id) {
    for (auto const &[number, name] : known)
        if (number == id) co_return jsonify(rq, {{id, name}});
    throw http_error(404);
}

} // namespace

response not_found(request &rq, http_error const &) {
    return render_error(rq, http_error(404, concat("Not Found: ", rq.url())));
}

blueprint users() {
    blueprint bp;
    bp.tag("Status codes and errors", "What is not there.");
    bp.get<"/users/<id>">(read_user)
        .summary("The name of a user")
        .gives<std::map<std::string, std::string>>()
        .answers(404, "There is no such user.");
    return bp;
}

} // namespace phial::chapters
