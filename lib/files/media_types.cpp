#include "phial/files/media_types.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <array>

namespace phial {
namespace {

struct entry {
    std::string_view suffix;
    std::string_view type;
};

// As IANA registers them; JavaScript as RFC 9239.
constexpr std::array table{
    entry{"7z", "application/x-7z-compressed"},
    entry{"aac", "audio/aac"},
    entry{"apk", "application/vnd.android.package-archive"},
    entry{"apng", "image/apng"},
    entry{"atom", "application/atom+xml"},
    entry{"avi", "video/x-msvideo"},
    entry{"avif", "image/avif"},
    entry{"bmp", "image/bmp"},
    entry{"br", "application/x-brotli"},
    entry{"bz2", "application/x-bzip2"},
    entry{"cbor", "application/cbor"},
    entry{"css", "text/css; charset=utf-8"},
    entry{"csv", "text/csv; charset=utf-8"},
    entry{"deb", "application/vnd.debian.binary-package"},
    entry{"doc", "application/msword"},
    entry{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    entry{"eot", "application/vnd.ms-fontobject"},
    entry{"epub", "application/epub+zip"},
    entry{"flac", "audio/flac"},
    entry{"geojson", "application/geo+json"},
    entry{"gif", "image/gif"},
    entry{"glb", "model/gltf-binary"},
    entry{"gltf", "model/gltf+json"},
    entry{"gz", "application/gzip"},
    entry{"heic", "image/heic"},
    entry{"htm", "text/html; charset=utf-8"},
    entry{"html", "text/html; charset=utf-8"},
    entry{"ico", "image/vnd.microsoft.icon"},
    entry{"ics", "text/calendar; charset=utf-8"},
    entry{"jar", "application/java-archive"},
    entry{"jpeg", "image/jpeg"},
    entry{"jpg", "image/jpeg"},
    entry{"js", "text/javascript; charset=utf-8"},
    entry{"json", "application/json"},
    entry{"jsonld", "application/ld+json"},
    entry{"jxl", "image/jxl"},
    entry{"log", "text/plain; charset=utf-8"},
    entry{"m3u8", "application/vnd.apple.mpegurl"},
    entry{"m4a", "audio/mp4"},
    entry{"m4v", "video/mp4"},
    entry{"map", "application/json"},
    entry{"md", "text/markdown; charset=utf-8"},
    entry{"mid", "audio/midi"},
    entry{"mjs", "text/javascript; charset=utf-8"},
    entry{"mov", "video/quicktime"},
    entry{"mp3", "audio/mpeg"},
    entry{"mp4", "video/mp4"},
    entry{"mpd", "application/dash+xml"},
    entry{"mpeg", "video/mpeg"},
    entry{"ndjson", "application/x-ndjson"},
    entry{"odp", "application/vnd.oasis.opendocument.presentation"},
    entry{"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    entry{"odt", "application/vnd.oasis.opendocument.text"},
    entry{"oga", "audio/ogg"},
    entry{"ogg", "audio/ogg"},
    entry{"ogv", "video/ogg"},
    entry{"opus", "audio/ogg"},
    entry{"otf", "font/otf"},
    entry{"pdf", "application/pdf"},
    entry{"png", "image/png"},
    entry{"ppt", "application/vnd.ms-powerpoint"},
    entry{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    entry{"ps", "application/postscript"},
    entry{"rss", "application/rss+xml"},
    entry{"rtf", "application/rtf"},
    entry{"svg", "image/svg+xml"},
    entry{"tar", "application/x-tar"},
    entry{"tif", "image/tiff"},
    entry{"tiff", "image/tiff"},
    entry{"toml", "application/toml"},
    entry{"ts", "video/mp2t"},
    entry{"tsv", "text/tab-separated-values; charset=utf-8"},
    entry{"ttf", "font/ttf"},
    entry{"txt", "text/plain; charset=utf-8"},
    entry{"vtt", "text/vtt; charset=utf-8"},
    entry{"wasm", "application/wasm"},
    entry{"wav", "audio/wav"},
    entry{"weba", "audio/webm"},
    entry{"webm", "video/webm"},
    entry{"webmanifest", "application/manifest+json"},
    entry{"webp", "image/webp"},
    entry{"woff", "font/woff"},
    entry{"woff2", "font/woff2"},
    entry{"xhtml", "application/xhtml+xml"},
    entry{"xls", "application/vnd.ms-excel"},
    entry{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    entry{"xml", "application/xml"},
    entry{"xz", "application/x-xz"},
    entry{"yaml", "application/yaml"},
    entry{"yml", "application/yaml"},
    entry{"zip", "application/zip"},
    entry{"zst", "application/zstd"},
};
static_assert(std::is_sorted(table.begin(), table.end(), [](entry a, entry b) { return a.suffix < b.suffix; }));

constexpr std::size_t longest = std::max_element(table.begin(), table.end(), [](entry a, entry b) {
                                    return a.suffix.size() < b.suffix.size();
                                })->suffix.size();

} // namespace

std::string_view media_type_of(std::string_view name) noexcept {
    constexpr std::string_view unknown = "application/octet-stream";
    auto const dot = name.find_last_of("./");
    if (dot == name.npos || name[dot] == '/') return unknown;
    auto const suffix = name.substr(dot + 1);
    if (suffix.size() > longest) return unknown;
    std::array<char, longest> lower{};
    std::transform(suffix.begin(), suffix.end(), lower.begin(), to_lower);
    std::string_view const wanted(lower.data(), suffix.size());
    auto const *const found =
        std::lower_bound(table.begin(), table.end(), wanted, [](entry e, std::string_view s) { return e.suffix < s; });
    return found != table.end() && found->suffix == wanted ? found->type : unknown;
}

} // namespace phial
