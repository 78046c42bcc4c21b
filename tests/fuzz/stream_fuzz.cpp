// What is made for a stream can be taken apart again: events as browsers do it, and codings as the client has asked.
#include "fuzz.hpp"

#include "phial/compression/compression.hpp"
#include "phial/http/coding_preference.hpp"
#include "phial/http/events.hpp"
#include "unit/compression/decode.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>

using namespace phial;
using namespace phial::fuzzing;
using namespace phial::testing;

namespace {

// The stream of one event, interpreted as the HTML standard 9.2.6 says.
struct taken_event {
    std::string data;
    std::string type = "message";
    std::string last_id;
    std::optional<std::string> retry;
    unsigned dispatched = 0;
};

taken_event interpret(std::string_view stream) {
    taken_event out;
    std::string data;
    std::string type;
    while (!stream.empty()) {
        auto const end = stream.find_first_of("\r\n");
        require(end != stream.npos); // an unfinished line would be lost
        auto const line = take(stream, end);
        take(stream, stream.starts_with("\r\n") ? 2 : 1);
        if (line.empty()) {
            if (data.empty()) continue;
            data.pop_back();
            out.data = data;
            if (!type.empty()) out.type = type;
            ++out.dispatched;
            data.clear();
            continue;
        }
        auto const colon = std::min(line.find(':'), line.size());
        auto value = line.substr(std::min(colon + 1, line.size()));
        if (value.starts_with(' ')) value.remove_prefix(1);
        auto const name = line.substr(0, colon);
        if (name == "data") data.append(value).append("\n");
        if (name == "event") type = value;
        if (name == "id" && value.find('\0') == value.npos) out.last_id = value;
        if (name == "retry") out.retry = value;
    }
    return out;
}

// With LF for each line end.
std::string with_plain_lines(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && text.substr(i + 1).starts_with('\n')) continue;
        out += text[i] == '\r' ? '\n' : text[i];
    }
    return out;
}

void check_event(std::string_view type, std::string_view id, std::string_view data) {
    event const one = event(std::string(data)).with_type(std::string(type)).with_id(std::string(id));
    std::string out;
    try {
        event_format::append(out, one);
    } catch (std::invalid_argument const &) {
        require(type.find_first_of("\r\n") != type.npos || id.find_first_of(std::string_view("\r\n\0", 3)) != id.npos);
        return;
    }
    auto const taken = interpret(out);
    require(taken.last_id == id && !taken.retry);
    require(taken.dispatched == (data.empty() && type.empty() ? 0U : 1U));
    if (taken.dispatched == 0) return;
    require(taken.data == with_plain_lines(data));
    require(taken.type == (type.empty() ? "message" : type));
}

void check_coding(std::string_view accept, std::string_view content, std::string_view sizes) {
    auto const chosen = preferred_coding(accept, compression::codings::all);
    if (chosen) require(coding_quality(accept, to_string(*chosen)).value_or(0) > 0);
    constexpr std::array codings{coding::gzip, coding::brotli, coding::zstd};
    auto const used = chosen.value_or(codings[content.size() % codings.size()]);
    auto const one = make_encoder(used, sizes.size() % 2 == 0 ? SIZE_MAX : content.size());
    std::string coded;
    std::size_t given = 0;
    for_each_piece(content, sizes, [&](std::string_view piece) {
        given += piece.size();
        bool const flush = piece.size() % 2 == 0;
        one->encode(piece, flush ? encoder::then::flush : encoder::then::more, coded);
        if (flush) require(decoded_so_far(to_string(used), coded) == content.substr(0, given));
        return true;
    });
    one->encode({}, encoder::then::end, coded);
    require(decoded(to_string(used), coded) == content);
}

} // namespace

// Two bytes choose the cuts; then lines: Accept-Encoding, the type and the id of an event; the rest is its text.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto rest = as_text(data, size);
    auto const sizes = take(rest, 2);
    auto const accept = take_until(rest, '\n');
    auto const type = take_until(rest, '\n');
    auto const id = take_until(rest, '\n');
    check_event(type, id, rest);
    check_coding(accept, rest.substr(0, 4096), sizes);
    return 0;
}
