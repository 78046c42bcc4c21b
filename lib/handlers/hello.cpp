// Chapters "GET PARAMS" and "Responses": one path, and Accept decides the media type.
#include "phial/handlers/chapters.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace phial::chapters {
namespace {

struct greeted {
    std::optional<std::string> name;
};
struct greeting {
    std::string hello;
    std::int64_t number;
};

task<response> say_hello(request &rq) {
    auto const type = rq.prefers({"text/plain", "application/json", "application/vnd.example.v2+json"});
    if (type == "text/plain") co_return text("Hello ", rq.arg("name").value_or("John Doe")).set("Vary", "Accept");

    json const data{{"hello", "world"}, {"number", 3}};
    response rs;
    rs.body() = dumps(data);
    rs.set("Content-Type", type).set("Link", "http://luisrei.com").set("Vary", "Accept");
    co_return rs;
}

} // namespace

blueprint hello() {
    blueprint bp;
    bp.tag("Query arguments and responses", "One path, several media types.");
    bp.get<"/hello">(say_hello)
        .summary("A greeting, in the media type that the client accepts")
        .takes<query<greeted>>()
        .gives("text/plain")
        .gives<greeting>()
        .gives<greeting>("application/vnd.example.v2+json");
    return bp;
}

} // namespace phial::chapters
