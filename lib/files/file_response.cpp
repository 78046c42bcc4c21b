#include "phial/files/file_response.hpp"

#include "phial/files/file_body.hpp"
#include "phial/files/media_types.hpp"
#include "phial/http/byte_ranges.hpp"
#include "phial/http/coding_preference.hpp"
#include "phial/http/http_date.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>
#include <random>
#include <sys/stat.h>
#include <system_error>
#include <utility>
#include <vector>

namespace phial {
namespace {

using std::chrono::sys_seconds;

struct found_file {
    descriptor file{-1};
    struct stat facts{};

    [[nodiscard]] bool is_regular() const noexcept { return file.get() >= 0 && S_ISREG(facts.st_mode); }
    [[nodiscard]] bool is_folder() const noexcept { return file.get() >= 0 && S_ISDIR(facts.st_mode); }
    [[nodiscard]] std::uint64_t size() const noexcept { return static_cast<std::uint64_t>(facts.st_size); }
};

// Nothing is open afterwards when that is not possible; errno says why.
found_file open_file(file_query const &query, std::string const &path) {
    found_file found;
    found.file = query.folder ? query.folder->open(path) : open_named_file(path);
    if (found.file.get() >= 0 && ::fstat(found.file.get(), &found.facts) != 0)
        throw std::system_error(errno, std::generic_category(), concat("cannot look at ", path));
    return found;
}

// `error`: why the file could not be opened; 0: it is not a regular file.
http_error why_not_found(int error, std::string const &path) {
    switch (error) {
    case 0:
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case EXDEV:
    case ENAMETOOLONG:
    case ENXIO: // a socket
    case ENODEV: return http_error(404);
    case EACCES:
    case EPERM: return http_error(403, "The service may not read this file.");
    case EMFILE:
    case ENFILE:
    case ENOMEM: return http_error(503, "No more files can be opened now.").add("Retry-After", "1");
    default: throw std::system_error(error, std::generic_category(), concat("cannot open ", path));
    }
}

constexpr std::array<std::string_view, 3> codings{"br", "zstd", "gzip"}; // the smallest content first

std::string_view suffix_of(std::string_view coding) noexcept {
    return coding == "br" ? ".br" : coding == "zstd" ? ".zst" : ".gz";
}

std::string hex(std::uint64_t n) {
    std::array<char, 17> text{};
    auto const size = std::snprintf(text.data(), text.size(), "%llx", static_cast<unsigned long long>(n));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string stamp(struct stat const &facts, bool with_inode, char between) {
    auto const nanoseconds = static_cast<std::uint64_t>(facts.st_mtim.tv_sec) * 1'000'000'000U +
                             static_cast<std::uint64_t>(facts.st_mtim.tv_nsec);
    auto text = concat(hex(static_cast<std::uint64_t>(facts.st_size)), between, hex(nanoseconds));
    return with_inode ? concat(hex(facts.st_ino), between, text) : text;
}

// The representation that is sent.
struct selection {
    found_file found;
    std::string_view coding; // empty: none
    std::string tag;
    sys_seconds modified;
};

// The first of the codings that the client wants that exists.
std::optional<std::pair<std::string_view, found_file>> open_coded(file_query const &query) {
    for (auto const coding : wanted_codings(query.accept_encoding, codings))
        if (auto found = open_file(query, concat(query.path, suffix_of(coding))); found.is_regular())
            return std::pair(coding, std::move(found));
    return std::nullopt;
}

selection select(file_query const &query, found_file original, sys_seconds now) {
    bool const with_inode = !query.options->same_on_replicas;
    auto const tag = stamp(original.facts, with_inode, '-');
    // No later than the response (RFC 9110 8.8.2.1).
    auto const modified = std::min(now, sys_seconds(std::chrono::seconds(original.facts.st_mtim.tv_sec)));
    if (query.options->precompressed && !query.accept_encoding.empty())
        if (auto coded = open_coded(query)) {
            auto const own = stamp(coded->second.facts, with_inode, '.');
            return {std::move(coded->second), coded->first, concat('"', tag, '-', coded->first, '.', own, '"'),
                    modified};
        }
    return {std::move(original), {}, concat('"', tag, '"'), modified};
}

std::string fresh_boundary() {
    std::random_device system;
    auto const number = [&system] { return std::uint64_t{system()} << 32U | system(); };
    return concat("phial-", hex(number()), hex(number()));
}

std::string content_range(byte_range r, std::uint64_t length) {
    return concat("bytes ", r.first, '-', r.first + r.size - 1, '/', length);
}

// multipart/byteranges (RFC 9110 14.6).
std::vector<file_section> parts_of(std::vector<byte_range> const &ranges, std::uint64_t length, std::string_view type,
                                   std::string_view boundary) {
    std::vector<file_section> sections;
    sections.reserve(ranges.size() + 1);
    for (auto const &r : ranges)
        sections.push_back({concat(sections.empty() ? "" : "\r\n", "--", boundary, "\r\nContent-Type: ", type,
                                   "\r\nContent-Range: ", content_range(r, length), "\r\n\r\n"),
                            r.first, r.size});
    sections.push_back({concat("\r\n--", boundary, "--\r\n"), 0, 0});
    return sections;
}

// The content, or the part of it that the client asks for; sets the fields that describe it.
std::vector<file_section> sections_of(response &rs, std::optional<std::vector<byte_range>> const &ranges,
                                      std::uint64_t length, std::string_view type) {
    if (!ranges) {
        rs.set("Content-Type", type);
        return {{{}, 0, length}};
    }
    rs.status(206);
    if (ranges->size() == 1) {
        rs.set("Content-Type", type).set("Content-Range", content_range(ranges->front(), length));
        return {{{}, ranges->front().first, ranges->front().size}};
    }
    auto const boundary = fresh_boundary();
    rs.set("Content-Type", concat("multipart/byteranges; boundary=", boundary));
    return parts_of(*ranges, length, type, boundary);
}

void set_body(response &rs, file_query const &query, worker_pool &pool, file_reader reader) {
    auto const size = reader.left();
    if (!query.wants_content) {
        rs.stream(std::make_unique<file_body>(pool, std::move(reader), memory_share()));
    } else if (size <= body_builder::small_body) {
        rs.body().resize(static_cast<std::size_t>(size));
        (void)reader.read(rs.body());
    } else {
        memory_share memory(query.memory);
        memory.grow(std::min<std::uint64_t>(size, file_body::block_size));
        auto body = std::make_unique<file_body>(pool, std::move(reader), std::move(memory));
        body->begin();
        rs.stream(std::move(body));
    }
}

// The path may name a folder with an index.
file_answer answer_without_file(file_query const &query, found_file const &found) {
    int const error = found.file.get() < 0 ? errno : 0;
    auto const &index = query.options->index;
    if (found.is_folder() && !query.redirection.empty() && !index.empty() &&
        open_file(query, concat(query.path, '/', index)).is_regular())
        return redirect(query.redirection, 301);
    return why_not_found(error, query.path);
}

} // namespace

file_query::file_query(request const &rq, std::string file, std::shared_ptr<static_options const> rules)
    : path(std::move(file)),
      options(std::move(rules)),
      conditions(rq),
      range(rq.head().method == method::get ? rq.headers().find_only("Range").value_or("") : ""),
      accept_encoding(options->precompressed ? rq.headers().joined("Accept-Encoding") : ""),
      wants_content(rq.head().method != method::head),
      memory(rq.memory()),
      copied(memory) {
    std::size_t most = path.size();
    for (auto const &line : rq.headers()) most += line.value.size();
    copied.grow(most);
}

file_answer answer_with_file(file_query const &query, worker_pool &pool) {
    auto original = open_file(query, query.path);
    if (!original.is_regular()) return answer_without_file(query, original);
    auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto selected = select(query, std::move(original), now);
    validators const current{selected.tag, selected.modified};
    auto const [verdict, known_tag] = query.conditions.check(current);
    if (verdict == preconditions::verdict::failed)
        return http_error(412, "The file is not in the version that the conditions of the request name.");
    bool const is_known = verdict == preconditions::verdict::not_modified;
    response rs(is_known ? 304 : 200);
    rs.set("ETag", is_known ? known_tag : selected.tag);
    if (!query.options->cache_control.empty()) rs.set("Cache-Control", query.options->cache_control);
    if (query.options->precompressed) rs.add("Vary: Accept-Encoding");
    if (is_known) return rs;
    auto const length = selected.found.size();
    std::optional<std::vector<byte_range>> ranges;
    if (!query.range.empty() && query.conditions.allow_range(current, now))
        ranges = select_ranges(query.range, length, query.options->most_ranges);
    if (ranges && ranges->empty())
        return http_error(416, concat("The file has ", length, " bytes."))
            .add("Content-Range", concat("bytes */", length));
    rs.set("Last-Modified", http_date(selected.modified)).add("Accept-Ranges: bytes");
    if (!selected.coding.empty()) rs.set("Content-Encoding", selected.coding);
    auto sections = sections_of(rs, ranges, length, media_type_of(query.path));
    set_body(rs, query, pool, file_reader(std::move(selected.found.file), std::move(sections)));
    return rs;
}

} // namespace phial
