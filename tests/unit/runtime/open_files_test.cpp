#include "phial/runtime/open_files.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(open_files)

BOOST_AUTO_TEST_CASE(the_soft_limit_is_raised_to_the_hard_one) {
    rlimit before{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit lowered = before;
    lowered.rlim_cur = 100;
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &lowered) == 0);
    BOOST_TEST(phial::raise_open_files() == before.rlim_max);
    rlimit after{};
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &after) == 0);
    BOOST_TEST(after.rlim_cur == before.rlim_max);
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}

BOOST_AUTO_TEST_CASE(no_other_file_gets_the_number_of_stdout) {
    auto const child = ::fork();
    if (child == 0) {
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO);
        phial::occupy_standard_files();
        bool const fails = ::write(STDOUT_FILENO, "x", 1) < 0;
        bool const others_come_behind = ::open("/dev/null", O_RDONLY | O_CLOEXEC) > STDERR_FILENO;
        ::_exit(fails && others_come_behind ? 0 : 1);
    }
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()
