// The limits that follow from the machine and from other settings.
#include "phial/files/temporary_file.hpp"
#include "unit/app/settings_of.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

machine small() { return {.cpus = 3, .memory = 1000, .open_files = 1024}; }

} // namespace

BOOST_AUTO_TEST_SUITE(machine_limits)

BOOST_AUTO_TEST_CASE(more_connections_than_files_may_be_open_are_refused) {
    machine const few{.cpus = 1, .memory = 1 << 30, .open_files = 1000};
    BOOST_TEST(settings_of({"--max-connections=936"}, few).service.server.connections == 936U);
    try {
        (void)settings_of({"--max-connections=937"}, few);
        BOOST_TEST(false);
    } catch (settings_error const &e) {
        BOOST_TEST(e.faults().size() == 1U);
        BOOST_TEST(std::string(e.what()).find("--max-connections: 937 connections need 1001") == 0U);
    }
}

BOOST_AUTO_TEST_CASE(some_defaults_are_the_machines) {
    auto const s = settings_of({"--log-dir="}, small());
    BOOST_TEST(s.service.threads == 3U);
    BOOST_TEST(s.service.body_memory == 250U);
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
            BOOST_TEST(settings_of({"--log-dir=", c.connections}, m).service.server.turned_away == c.turned_away);
        }
    }
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
            BOOST_TEST(settings_of({"--log-dir="}, m).service.server.connections == c.connections);
            if (c.open_files > 2000) // who says how many wants so many
                BOOST_TEST(settings_of({"--log-dir=", "--max-connections=2000"}, m).service.server.connections ==
                           2000U);
        }
}

BOOST_AUTO_TEST_CASE(one_client_may_have_half_of_the_connections_unless_a_number_is_given) {
    machine const m{.cpus = 1, .memory = 64ULL << 30, .open_files = 1'000'000};
    auto const of = [&m](std::vector<std::string> flags) {
        flags.emplace_back("--log-dir=");
        return settings_of(flags, m).service.connections_per_client;
    };
    BOOST_TEST(of({}) == 5000U);
    BOOST_TEST(of({"--max-connections=7"}) == 3U);
    BOOST_TEST(of({"--max-connections=1"}) == 1U);
    BOOST_TEST(of({"--max-connections=7", "--max-connections-per-client=7"}) == 7U);
    BOOST_TEST(of({"--max-connections-per-client=1000000"}) == 1'000'000U);
    BOOST_CHECK_THROW((void)of({"--max-connections-per-client=0"}), settings_error);
}

BOOST_AUTO_TEST_CASE(lingering_reads_as_much_as_an_upload_may_have_unless_it_is_said) {
    auto const bytes = [](std::vector<std::string> arguments) {
        arguments.emplace_back("--log-dir=");
        return settings_of(arguments, machine()).service.server.linger_bytes;
    };
    BOOST_TEST(bytes({}) == 1ULL << 30);
    BOOST_TEST(bytes({"--upload-limit=5GiB"}) == 5ULL << 30);
    BOOST_TEST(bytes({"--upload-limit=1000"}) == 64ULL << 20);
    BOOST_TEST(bytes({"--upload-limit=5GiB", "--max-linger=1000"}) == 1000U);
    BOOST_TEST(bytes({"--max-linger=0"}) == 0U);
}

BOOST_AUTO_TEST_CASE(uploads_have_a_quarter_of_the_requests_and_three_quarters_of_the_disk_unless_it_is_said) {
    auto const s = settings_of({"--log-dir="}, small());
    BOOST_TEST(s.uploads.most == s.service.server.requests / 4);
    BOOST_TEST(settings_of({"--log-dir=", "--max-requests=100"}, small()).uploads.most == 25U);
    BOOST_TEST(settings_of({"--log-dir=", "--max-requests=1"}, small()).uploads.most == 1U);
    BOOST_TEST(settings_of({"--log-dir=", "--max-requests=100", "--max-uploads=7"}, small()).uploads.most == 7U);
    auto const free = free_space(".").value_or(0);
    BOOST_TEST(s.uploads.space > free / 2); // others write meanwhile
    BOOST_TEST(s.uploads.space < free / 8 * 7);
    BOOST_TEST(settings_of({"--log-dir=", "--upload-space=5MiB"}, small()).uploads.space == 5U << 20);
}

BOOST_AUTO_TEST_SUITE_END()
