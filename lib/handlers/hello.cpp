// Chapters "GET PARAMS" and "Responses": one path, and Accept decides the media type.
#include "phial/handlers/chapters.hpp"

namespace phial::chapters {
namespace {

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
    bp.get<"/hello">(say_hello);
    return bp;
}

} // namespace phial::chapters
