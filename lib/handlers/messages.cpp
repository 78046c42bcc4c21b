// Chapter "Request Data & Headers": one path, several media types.
#include "phial/files/file_store.hpp"
#include "phial/handlers/chapters.hpp"

namespace phial::chapters {
namespace {

task<response> receive_binary(file_store &uploads, request &rq) {
    rq.require_body();
    auto file = co_await uploads.create("binary", rq.body().length());
    while (auto const bytes = co_await rq.body().next_into(file.room())) co_await file.write(*bytes);
    co_await file.commit();
    co_return text("Binary message written!");
}

task<response> echo_text(request &rq) { co_return text("Text Message: ", co_await rq.text()); }

task<response> echo_json(request &rq) {
    auto const value = co_await rq.json();
    auto const echo = [&] { return text("JSON Message: ", dumps(value, rq.memory())); };
    co_return co_await rq.compute(value.text().size(), echo);
}

task<response> receive_message(file_store &uploads, request &rq) {
    auto const type = rq.content_type();
    if (type.is("text/plain")) return echo_text(rq);
    if (type.is_json()) return echo_json(rq);
    if (type.is("application/octet-stream")) return receive_binary(uploads, rq);
    throw http_error(415);
}

// The tutorial's text. For an unsupported charset it also says why: the media type alone would seem right.
response unsupported(request &, http_error const &e) {
    bool const by_type = e.what() == reason_phrase(415);
    bool const by_coding = !e.field_lines().empty(); // Accept-Encoding says what is accepted
    auto rs = text("415 Unsupported Media Type ;)", by_type || by_coding ? "" : concat("\n", e.what()));
    return std::move(rs.status(415).add_fields_of(e));
}

} // namespace

blueprint messages(file_store &uploads) {
    blueprint bp;
    bp.tag("Request data", "Bodies of several media types.");
    bp.post<"/messages">(receive_message, uploads)
        .summary("Text and JSON come back; bytes become a file")
        .takes("text/plain")
        .takes("application/json")
        .takes("application/octet-stream")
        .gives("text/plain")
        .answers(400, "The text is not UTF-8, or the JSON is not JSON.")
        .answers(413, "The body is too large.")
        .answers(415, "The media type is another one, or its charset is not known.", "text/plain")
        .answers(507, "The disk is full, or too much is on its way to it.");
    bp.error_handler(415, unsupported);
    return bp;
}

} // namespace phial::chapters
