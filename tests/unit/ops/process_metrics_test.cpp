// What is told of this process.
#include "phial/ops/process_metrics.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace phial;

namespace {

double value_of(std::string const &name) {
    exposition out;
    append_process_metrics(out);
    auto const at = out.text().find('\n' + name + ' ');
    BOOST_TEST_REQUIRE(at != std::string::npos, name << " is missing");
    return std::stod(out.text().substr(at + name.size() + 2));
}

} // namespace

BOOST_AUTO_TEST_SUITE(process_metrics)

BOOST_AUTO_TEST_CASE(an_open_file_counts) {
    auto const before = value_of("process_open_fds");
    int const fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    BOOST_TEST(value_of("process_open_fds") == before + 1);
    ::close(fd);
    BOOST_TEST(value_of("process_open_fds") == before);
    BOOST_TEST(value_of("process_max_fds") > before);
}

BOOST_AUTO_TEST_CASE(numbers_are_those_of_this_process) {
    auto const now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    BOOST_TEST(value_of("process_start_time_seconds") < now + 1);
    BOOST_TEST(value_of("process_start_time_seconds") > now - 3600);
    BOOST_TEST(value_of("process_threads") >= 1);
    BOOST_TEST(value_of("process_resident_memory_bytes") > 1e6);
    BOOST_TEST(value_of("process_virtual_memory_bytes") >= value_of("process_resident_memory_bytes"));
    auto const cpu = value_of("process_cpu_seconds_total");
    BOOST_TEST(cpu >= 0);
    auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    while (std::chrono::steady_clock::now() < end) {
    }
    BOOST_TEST(value_of("process_cpu_seconds_total") > cpu);
}

BOOST_AUTO_TEST_SUITE_END()
