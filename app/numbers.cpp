// The table, and how numbers are written.
#include "app/numbers.hpp"

#include "phial/http/limits.hpp"

#include <charconv>

namespace phial {
namespace {

using unit = numeric_setting::unit;
using place = numeric_setting::place;

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::uint64_t gib = 1024 * mib;
constexpr std::uint64_t day = 24 * 60 * 60;

constexpr numeric_setting table[] = {
    {"port", unit::count, 0, 65535, [](settings &s) -> place { return &s.server.port; },
     "port to listen on; 0: any free one, printed at start"},
    {"ops-port", unit::count, 0, 65535, [](settings &s) -> place { return &s.ops_port; },
     "second port, for /metrics, /livez, /readyz and /version; 0: any free one, printed at start", "no such port"},
    {"threads", unit::count, 1, 1024, [](settings &s) -> place { return &s.threads; }, "event loops, one thread each",
     "as many CPUs as the cgroup's quota allows"},
    {"max-connections", unit::count, 1, 1'000'000, [](settings &s) -> place { return &s.server.connections; },
     "open connections; more: 503",
     "10000, or less when fewer files may be open, or when at 96KiB each they would fill a quarter of the memory"},
    {"max-connections-per-client", unit::count, 1, 1'000'000,
     [](settings &s) -> place { return &s.connections_per_client; },
     "open connections of one client (an IPv4 address, an IPv6 network of 64 bits; proxies in --trusted-proxies are "
     "excepted); more: 503",
     "half of --max-connections"},
    {"max-requests", unit::count, 1, 1'000'000, [](settings &s) -> place { return &s.server.requests; },
     "requests the service is at work on (it waits for no client); more: 503"},
    {"body-memory", unit::bytes, 64 * kib, 1024 * gib, [](settings &s) -> place { return &s.body_memory; },
     "memory for all bodies that are held whole, and what is made of them; more: 503, or 413 when it is one request's",
     "a quarter of what the cgroup allows"},
    {"upload-memory", unit::bytes, 0, 1024 * gib, [](settings &s) -> place { return &s.uploads.memory; },
     "memory for uploads on their way to the disk; when it is used up, each waits for the disk",
     "64MiB, or a sixteenth of what the cgroup allows"},
    {"max-uploads", unit::count, 1, 1'000'000, [](settings &s) -> place { return &s.uploads.most; },
     "uploads under way at once, until the disk has let go of them; more: 503", "a quarter of --max-requests"},
    {"upload-space", unit::bytes, 1, 1024 * 1024 * gib, [](settings &s) -> place { return &s.uploads.space; },
     "of all uploads under way, announced or come so far; more: 507",
     "three quarters of what is free in the upload folder at start"},
    {"max-body", unit::bytes, 1, 16 * gib, [](settings &s) -> place { return &s.server.traits.limits.body_in_memory; },
     "of a body that is held whole (text, JSON, forms); larger: 413"},
    {"upload-limit", unit::bytes, 1, 1024 * 1024 * gib,
     [](settings &s) -> place { return &s.server.traits.limits.body; }, "of any body; larger: 413"},
    {"max-request-line", unit::bytes, 256, largest_head,
     [](settings &s) -> place { return &s.server.traits.limits.request_line; }, "of a request line; longer: 414"},
    {"max-head", unit::bytes, 512, largest_head, [](settings &s) -> place { return &s.server.traits.limits.head; },
     "of a header with its request line; larger: 431"},
    {"max-fields", unit::count, 8, 10'000, [](settings &s) -> place { return &s.server.traits.limits.fields; },
     "lines of a header; more: 431"},
    {"max-chunk-line", unit::bytes, 16, gib, [](settings &s) -> place { return &s.server.traits.limits.chunk_line; },
     "of a chunk size with its extensions; longer: 400"},
    {"max-chunk-extensions", unit::bytes, 0, gib,
     [](settings &s) -> place { return &s.server.traits.limits.chunk_extensions; },
     "of all chunk extensions in a body; more: 400"},
    {"max-trailers", unit::bytes, 2, gib, [](settings &s) -> place { return &s.server.traits.limits.trailers; },
     "of all trailers of a body; more: 431"},
    {"max-json-depth", unit::count, 1, 100'000, [](settings &s) -> place { return &s.server.traits.limits.json_depth; },
     "arrays and objects within each other; deeper: 400"},
    {"max-parts", unit::count, 1, gib, [](settings &s) -> place { return &s.server.traits.limits.parts; },
     "of a multipart body; more: 413"},
    {"max-part-head", unit::bytes, 64, gib, [](settings &s) -> place { return &s.server.traits.limits.part_head; },
     "of the header of a part; larger: 413"},
    {"max-part-lines", unit::count, 1, gib, [](settings &s) -> place { return &s.server.traits.limits.part_lines; },
     "lines of the header of a part; more: 413"},
    {"max-part-name", unit::bytes, 1, gib, [](settings &s) -> place { return &s.server.traits.limits.part_name; },
     "of the name, file name or content type of a part; longer: 413"},
    {"max-unread-body", unit::bytes, 0, gib, [](settings &s) -> place { return &s.server.traits.limits.unread_body; },
     "of a refused request, read so that the connection can go on"},
    {"head-timeout", unit::seconds, 1, day, [](settings &s) -> place { return &s.server.head_seconds; },
     "for a header to come; longer: 408"},
    {"idle-timeout", unit::seconds, 1, day, [](settings &s) -> place { return &s.server.idle_seconds; },
     "between requests"},
    {"handler-timeout", unit::seconds, 1, day, [](settings &s) -> place { return &s.server.handler_seconds; },
     "for the service to answer, from the last of the body that it read; longer: 503"},
    {"min-rate", unit::bytes, 0, gib, [](settings &s) -> place { return &s.server.least_rate; },
     "a second, of a body that comes and of an answer that is taken; slower: 408, or cut off"},
    {"body-grace", unit::seconds, 0, day, [](settings &s) -> place { return &s.server.body_grace_seconds; },
     "until a body has to keep up --min-rate"},
    {"max-hold", unit::seconds, 1, day, [](settings &s) -> place { return &s.server.hold_seconds; },
     "for a client to send a body, or to take a response, that is held in memory: the least rate grows with its size"},
    {"write-timeout", unit::seconds, 1, day, [](settings &s) -> place { return &s.server.write_seconds; },
     "for a client that takes nothing of its answer, and until it has to keep up --min-rate"},
    {"linger-timeout", unit::seconds, 0, day, [](settings &s) -> place { return &s.server.linger_seconds; },
     "reading on behind a refusal, so that the client can read it: until nothing came for so long"},
    {"linger-time", unit::seconds, 0, day, [](settings &s) -> place { return &s.server.linger_whole_seconds; },
     "and so long at most"},
    {"max-linger", unit::bytes, 0, 1024 * 1024 * gib, [](settings &s) -> place { return &s.server.linger_bytes; },
     "read on in that time, but no more than the request announced", "that of --upload-limit, 64MiB at least"},
    {"drain-delay", unit::seconds, 0, day, [](settings &s) -> place { return &s.server.drain_delay_seconds; },
     "still accepting after SIGTERM"},
    {"drain-timeout", unit::seconds, 0, day, [](settings &s) -> place { return &s.server.drain_seconds; },
     "then, for requests under way; what is left is answered 503"},
    {"log-rotate-size", unit::bytes, kib, 1024 * gib, [](settings &s) -> place { return &s.log.rotate.bytes; },
     "of app.log; before it would become larger it is renamed to app-<time>-<number>.log"},
    {"log-rotate-interval", unit::seconds, 0, 366 * day, [](settings &s) -> place { return &s.log.rotate.interval; },
     "it is renamed also when this time is over, counted from midnight UTC; 0: never"},
    {"log-keep", unit::count, 0, 100'000, [](settings &s) -> place { return &s.log.rotate.kept; },
     "renamed files of the log; beyond them the oldest is removed"},
};

// The largest unit that the number is a multiple of.
std::string in_words(std::uint64_t n, unit in) {
    if (in == unit::seconds) return std::to_string(n) + 's';
    if (in == unit::count || n == 0 || n % kib != 0) return std::to_string(n);
    if (n % gib == 0) return std::to_string(n / gib) + "GiB";
    if (n % mib == 0) return std::to_string(n / mib) + "MiB";
    return std::to_string(n / kib) + "KiB";
}

// What a suffix multiplies by; 0 when it is none.
std::uint64_t factor(std::string_view suffix, unit in) noexcept {
    if (suffix.empty() || (in == unit::seconds && suffix == "s")) return 1;
    if (in != unit::bytes) return 0;
    if (suffix == "KiB") return kib;
    if (suffix == "MiB") return mib;
    return suffix == "GiB" ? gib : 0;
}

} // namespace

std::optional<std::string> numeric_setting::read(std::string_view given, settings &into) const {
    std::uint64_t n = 0;
    auto const [end, ec] = std::from_chars(given.data(), given.data() + given.size(), n);
    auto const times = factor(given.substr(static_cast<std::size_t>(end - given.data())), in);
    if (ec != std::errc() || times == 0 || n > most / times || n * times < least)
        return "'" + std::string(given) + "' is no number from " + in_words(least, in) + " to " + in_words(most, in);
    std::visit([n, times](auto *to) { *to = static_cast<std::remove_pointer_t<decltype(to)>>(n * times); }, of(into));
    return std::nullopt;
}

std::string numeric_setting::default_text() const {
    if (default_words != nullptr) return default_words;
    settings defaults;
    return std::visit([this](auto const *from) { return in_words(*from, in); }, of(defaults));
}

char const *numeric_setting::argument() const noexcept {
    switch (in) {
    case unit::bytes: return "BYTES";
    case unit::seconds: return "SECONDS";
    default: return "N";
    }
}

std::span<numeric_setting const> numbers() noexcept { return table; }

} // namespace phial
