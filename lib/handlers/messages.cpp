// Chapter "Request Data & Headers": one address, several media types.
#include "files/file_store.hpp"
#include "handlers/chapters.hpp"

namespace phial::chapters {
namespace {

task<response> receive_binary(file_store &uploads, request &rq) {
    auto file = co_await uploads.create("binary", rq.body().length());
    while (auto const bytes = co_await rq.body().next_into(file.room())) co_await file.write(*bytes);
    co_await file.commit();
    co_return text("Binary message written!");
}

task<response> receive_message(file_store &uploads, request &rq) {
    auto const type = rq.content_type();
    if (type.is("text/plain")) co_return text("Text Message: ", co_await rq.text());
    if (type.is_json()) co_return text("JSON Message: ", dumps(co_await rq.json()));
    if (type.is("application/octet-stream")) co_return co_await receive_binary(uploads, rq);
    throw http_error(415);
}

response unsupported(request &, http_error const &) { return text("415 Unsupported Media Type ;)").status(415); }

} // namespace

blueprint messages(file_store &uploads) {
    blueprint bp;
    bp.post<"/messages">(receive_message, uploads);
    bp.error_handler(415, unsupported);
    return bp;
}

} // namespace phial::chapters
