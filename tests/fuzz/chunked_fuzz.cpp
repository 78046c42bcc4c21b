// The chunked coding: the same content, end or error however the body is cut.
#include "fuzz.hpp"

#include "phial/http/http_error.hpp"
#include "phial/server/chunked.hpp"

#include <string>

using namespace phial;
using namespace phial::fuzzing;

namespace {

struct outcome {
    std::string content;
    std::size_t used = 0;
    bool done = false;
    unsigned status = 0; // of the error
    bool operator==(outcome const &) const = default;
};

outcome decode(std::string_view bytes, std::string_view sizes) {
    outcome out;
    chunk_decoder decoder;
    for_each_piece(bytes, sizes, [&](std::string_view piece) {
        auto rest = piece;
        try {
            for (auto content = decoder.next(rest); !content.empty(); content = decoder.next(rest))
                out.content += content;
            require(rest.empty() || decoder.done());
        } catch (http_error const &e) {
            out.status = e.status();
            require((out.status == 400 || out.status == 431) && !decoder.done());
        }
        out.used += piece.size() - rest.size();
        out.done = decoder.done();
        return out.status == 0 && !out.done;
    });
    return out;
}

void require_that_written_chunks_are_read(std::string_view content, std::string_view sizes) {
    outbox written;
    for_each_piece(content, sizes, [&](std::string_view piece) { return append_chunk(written, piece), true; });
    written += last_chunk;
    auto const read = decode(written.waiting(), sizes);
    require(read.done && read.content == content);
}

} // namespace

// The first four bytes choose the cuts.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto bytes = as_text(data, size);
    auto const sizes = take(bytes, 4);
    auto const whole = decode(bytes, {});
    require(whole == decode(bytes, sizes));
    require(!whole.done || bytes.substr(0, whole.used).ends_with("\r\n"));
    require_that_written_chunks_are_read(bytes, sizes);
    // What follows the body does not matter.
    if (whole.done) require(whole == decode(bytes.substr(0, whole.used), sizes));
    return 0;
}
