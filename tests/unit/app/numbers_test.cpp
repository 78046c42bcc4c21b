// Settings that are numbers.
#include "app/numbers.hpp"

#include "phial/files/temporary_file.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

numeric_setting const &named(std::string_view name) {
    return *std::find_if(numbers().begin(), numbers().end(), [name](auto const &n) { return name == n.name; });
}

std::uint64_t value(numeric_setting const &n, settings &s) {
    return std::visit([](auto const *from) { return std::uint64_t{*from}; }, n.of(s));
}

// Reads into settings of its own; nothing when it is refused.
std::optional<std::uint64_t> read(std::string_view name, std::string_view given) {
    settings s;
    auto const &n = named(name);
    auto const before = value(n, s);
    if (auto const mistake = n.read(given, s)) {
        BOOST_TEST(value(n, s) == before);
        BOOST_TEST(mistake->find("'" + std::string(given) + "'") != mistake->npos);
        return std::nullopt;
    }
    return value(n, s);
}

machine small() { return {.cpus = 3, .memory = 1000, .open_files = 1024}; }

} // namespace

BOOST_AUTO_TEST_SUITE(numbers_)

BOOST_AUTO_TEST_CASE(sizes_have_binary_units_and_seconds_theirs) {
    BOOST_TEST((read("max-head", "1000") == 1000U));
    BOOST_TEST((read("max-head", "2KiB") == 2048U));
    BOOST_TEST((read("max-body", "3MiB") == 3U << 20));
    BOOST_TEST((read("upload-limit", "5GiB") == 5ULL << 30));
    BOOST_TEST((read("idle-timeout", "5") == 5U));
    BOOST_TEST((read("idle-timeout", "5s") == 5U));
    for (auto const given : {"", "KiB", "1kib", "1KB", "1 KiB", "1.5KiB", "-1", "+1", "0x10", "1KiBs", "5s",
                             "99999999999999999999", "18014398509481984KiB"})
        BOOST_TEST(!read("max-body", given), given);
    BOOST_TEST(!read("idle-timeout", "5KiB"));
    BOOST_TEST(!read("idle-timeout", "5m"));
    BOOST_TEST(!read("threads", "1s"));
}

BOOST_AUTO_TEST_CASE(each_takes_the_ends_of_its_range_and_nothing_beyond) {
    for (auto const &n : numbers()) {
        BOOST_TEST_CONTEXT(n.name) {
            BOOST_TEST((read(n.name, std::to_string(n.least)) == n.least));
            BOOST_TEST((read(n.name, std::to_string(n.most)) == n.most));
            BOOST_TEST(!read(n.name, std::to_string(n.most + 1)));
            if (n.least > 0) BOOST_TEST(!read(n.name, std::to_string(n.least - 1)));
        }
    }
}

BOOST_AUTO_TEST_CASE(each_has_a_name_and_a_place_of_its_own) {
    std::set<std::string> names;
    settings s;
    std::set<void const *> places;
    for (auto const &n : numbers()) {
        BOOST_TEST(names.insert(n.name).second);
        BOOST_TEST(places.insert(std::visit([](auto *p) -> void const * { return p; }, n.of(s))).second);
    }
}

BOOST_AUTO_TEST_CASE(defaults_are_within_the_range_and_told_with_the_largest_unit) {
    settings s = read_settings({"--log-dir="}, small());
    for (auto const &n : numbers()) {
        BOOST_TEST_CONTEXT(n.name) {
            if (n.name != "body-memory"sv) // a quarter of a machine that small
                BOOST_TEST((value(n, s) >= n.least && value(n, s) <= n.most));
        }
    }
    BOOST_TEST(named("max-head").default_text() == "32KiB");
    BOOST_TEST(named("upload-limit").default_text() == "1GiB");
    BOOST_TEST(named("idle-timeout").default_text() == "60s");
    BOOST_TEST(named("min-rate").default_text() == "240");
    BOOST_TEST(named("drain-delay").default_text() == "0s");
}

BOOST_AUTO_TEST_CASE(some_defaults_are_the_machines) {
    auto const s = read_settings({"--log-dir="}, small());
    BOOST_TEST(s.threads == 3U);
    BOOST_TEST(s.body_memory == 250U);
}

BOOST_AUTO_TEST_CASE(connections_that_are_turned_away_have_half_of_the_files_that_are_left) {
    struct {
        std::uint64_t open_files;
        char const *connections;
        std::size_t turned_away;
    } const cases[] = {{1024, "--max-connections=704", 128},
                       {1024, "--max-connections=900", 30},
                       {1024, "--max-connections=960", 4},
                       {1'000'000, "--max-connections=10", 256}};
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.connections << " of " << c.open_files) {
            machine m;
            m.open_files = c.open_files;
            BOOST_TEST(read_settings({"--log-dir=", c.connections}, m).server.turned_away == c.turned_away);
        }
    }
}

BOOST_AUTO_TEST_CASE(lingering_reads_as_much_as_an_upload_may_have_unless_it_is_said) {
    auto const bytes = [](std::vector<std::string> arguments) {
        arguments.emplace_back("--log-dir=");
        return read_settings(arguments, machine()).server.linger_bytes;
    };
    BOOST_TEST(bytes({}) == 1ULL << 30);
    BOOST_TEST(bytes({"--upload-limit=5GiB"}) == 5ULL << 30);
    BOOST_TEST(bytes({"--upload-limit=1000"}) == 64ULL << 20);
    BOOST_TEST(bytes({"--upload-limit=5GiB", "--max-linger=1000"}) == 1000U);
    BOOST_TEST(bytes({"--max-linger=0"}) == 0U);
}

BOOST_AUTO_TEST_CASE(uploads_have_a_quarter_of_the_requests_and_three_quarters_of_the_disk_unless_it_is_said) {
    auto const s = read_settings({"--log-dir="}, small());
    BOOST_TEST(s.uploads.most == s.server.requests / 4);
    BOOST_TEST(read_settings({"--log-dir=", "--max-requests=100"}, small()).uploads.most == 25U);
    BOOST_TEST(read_settings({"--log-dir=", "--max-requests=1"}, small()).uploads.most == 1U);
    BOOST_TEST(read_settings({"--log-dir=", "--max-requests=100", "--max-uploads=7"}, small()).uploads.most == 7U);
    auto const free = free_space(".").value_or(0);
    BOOST_TEST(s.uploads.space > free / 2); // others write meanwhile
    BOOST_TEST(s.uploads.space < free / 8 * 7);
    BOOST_TEST(read_settings({"--log-dir=", "--upload-space=5MiB"}, small()).uploads.space == 5U << 20);
}

BOOST_AUTO_TEST_CASE(connections_are_bound_by_open_files_and_memory) {
    constexpr std::uint64_t mib = 1 << 20;
    struct {
        std::uint64_t memory, open_files, connections;
    } const cases[] = {
        {64'000 * mib, 1'000'000, 10'000}, {64'000 * mib, 1024, 704}, // three quarters of the files, but those we need
        {4096 * mib, 1'000'000, 10'000},   {1024 * mib, 1'000'000, 2730}, {256 * mib, 1'000'000, 682},
        {64 * mib, 1'000'000, 170},        {64 * mib, 256, 128},          {1, 1'000'000, 1},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.memory << " bytes, " << c.open_files << " files") {
            machine const m{.cpus = 1, .memory = c.memory, .open_files = c.open_files};
            BOOST_TEST(read_settings({"--log-dir="}, m).server.connections == c.connections);
            if (c.open_files > 2000) // who says how many wants so many
                BOOST_TEST(read_settings({"--log-dir=", "--max-connections=2000"}, m).server.connections == 2000U);
        }
}

BOOST_AUTO_TEST_CASE(one_client_may_have_half_of_the_connections_unless_a_number_is_given) {
    machine const m{.cpus = 1, .memory = 64ULL << 30, .open_files = 1'000'000};
    auto const of = [&m](std::vector<std::string> flags) {
        flags.emplace_back("--log-dir=");
        return read_settings(flags, m).connections_per_client;
    };
    BOOST_TEST(of({}) == 5000U);
    BOOST_TEST(of({"--max-connections=7"}) == 3U);
    BOOST_TEST(of({"--max-connections=1"}) == 1U);
    BOOST_TEST(of({"--max-connections=7", "--max-connections-per-client=7"}) == 7U);
    BOOST_TEST(of({"--max-connections-per-client=1000000"}) == 1'000'000U);
    BOOST_CHECK_THROW((void)of({"--max-connections-per-client=0"}), settings_error);
}

BOOST_AUTO_TEST_SUITE_END()
