// multipart/form-data, in the pieces in which a connection reads it.
#include "micro.hpp"

#include "phial/http/multipart_parser.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace phial::micro {
namespace {

constexpr std::string_view boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
constexpr std::size_t piece = 16 * 1024;

std::string part(std::string_view disposition, std::string_view content) {
    return concat("--", boundary, "\r\nContent-Disposition: form-data; ", disposition, "\r\n\r\n", content, "\r\n");
}

std::string file_part(std::string_view content) { return part("name=\"file\"; filename=\"data.bin\"", content); }

// The bytes of the content that were found.
std::size_t parse(std::string_view body) {
    using event = multipart_parser::event;
    multipart_parser parser(boundary);
    std::size_t content = 0;
    while (!body.empty()) {
        auto input = body.substr(0, piece);
        body.remove_prefix(input.size());
        auto e = parser.next(input);
        for (; e != event::need_more && e != event::end; e = parser.next(input))
            if (e == event::data) content += parser.data().size();
        if (e == event::end) break;
    }
    return content;
}

void parse_multipart(benchmark::State &state, std::string const &parts, std::size_t content) {
    auto const body = concat(parts, "--", boundary, "--\r\n");
    if (parse(body) != content) return state.SkipWithError("not the content that was put in");
    for (auto _ : state) benchmark::DoNotOptimize(parse(body));
    count_bytes(state, body.size());
}

void parse_multipart_fields(benchmark::State &state) {
    std::string parts;
    for (int n = 0; n < 20; ++n) parts += part(concat("name=\"field", n, "\""), "value");
    parse_multipart(state, parts, 20 * std::string_view("value").size());
}

// Bytes without order: each value is as frequent as the others.
void parse_multipart_file(benchmark::State &state) {
    std::string content(1 << 20, '\0');
    std::uint32_t n = 1;
    std::generate(content.begin(), content.end(),
                  [&n] { return static_cast<char>((n = n * 1664525U + 1013904223U) >> 24U); });
    parse_multipart(state, file_part(content), content.size());
}

// Each line end could begin a delimiter.
void parse_multipart_file_of_short_lines(benchmark::State &state) {
    std::string content;
    while (content.size() < 1 << 20) content += "1,2,3\r\n";
    parse_multipart(state, file_part(content), content.size());
}

BENCHMARK(parse_multipart_fields);
BENCHMARK(parse_multipart_file);
BENCHMARK(parse_multipart_file_of_short_lines);

} // namespace
} // namespace phial::micro
