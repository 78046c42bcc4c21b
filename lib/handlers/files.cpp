// Chapter "Request Data & Headers", last part: files sent by a form (curl -F).
#include "phial/handlers/chapters.hpp"
#include "phial/text/ascii.hpp"

#include <cstdint>
#include <string>
#include <vector>
#include <zlib.h>

namespace phial::chapters {
namespace {

struct received_file {
    std::string field;
    std::string filename;
    std::string content_type;
    std::int64_t size;
    std::string crc32;
};
struct received_field {
    std::string field;
    std::string value;
};
struct received {
    std::vector<received_file> files;
    std::vector<received_field> form;
};

std::string in_hex(std::uint32_t value) {
    std::string out;
    for (int shift = 28; shift >= 0; shift -= 4) out += lower_hex[(value >> shift) & 15U];
    return out;
}

// zlib's CRC is four times as fast as Boost's.
std::uint32_t crc_of(std::string_view bytes, std::uint32_t previous) {
    return static_cast<std::uint32_t>(crc32_z(previous, reinterpret_cast<Bytef const *>(bytes.data()), bytes.size()));
}

task<json> receive_file(multipart_reader &parts, part_head const &part) {
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
    while (auto const bytes = co_await parts.data()) {
        crc = crc_of(*bytes, crc);
        size += bytes->size();
    }
    co_return json{{"field", part.name},
                   {"filename", *part.filename},
                   {"content_type", part.content_type},
                   {"size", size},
                   {"crc32", in_hex(crc)}};
}

task<response> receive_multipart(request &rq) {
    json_array files(rq.memory());
    json_array form(rq.memory());
    auto parts = rq.parts();
    while (auto const *part = co_await parts.next()) {
        if (part->filename) {
            files.push_back(co_await receive_file(parts, *part));
        } else {
            auto const value = co_await parts.text();
            auto const add = [&] { form.push_back({{"field", part->name}, {"value", value}}); };
            co_await rq.compute(value.size(), add);
        }
    }
    co_return jsonify(rq, {{"files", files}, {"form", form}});
}

task<response> receive_form(request &rq) {
    auto const fields = co_await rq.form();
    json_array form(rq.memory());
    auto const add = [&] {
        for (auto const &[field, value] : fields) form.push_back({{"field", field}, {"value", value}});
    };
    co_await rq.compute(rq.held_memory(), add);
    co_return jsonify(rq, {{"files", json_array()}, {"form", form}});
}

task<response> receive_files(request &rq) {
    if (rq.content_type().is("multipart/form-data")) return receive_multipart(rq);
    if (rq.content_type().is("application/x-www-form-urlencoded")) return receive_form(rq);
    throw http_error(415, "Send multipart/form-data or application/x-www-form-urlencoded.");
}

} // namespace

blueprint files() {
    blueprint bp;
    bp.tag("Request data", "Bodies of several media types.");
    bp.post<"/files">(receive_files)
        .summary("What a form has: its fields, and the size and checksum of each file")
        .takes("multipart/form-data")
        .takes("application/x-www-form-urlencoded")
        .gives<received>()
        .answers(400, "The form is malformed.")
        .answers(413, "The form is too large, or has too many parts.")
        .answers(415, "The body is not a form.");
    return bp;
}

} // namespace phial::chapters
