// The cgroup's CPU quota, read from trees of files like the kernel's.
#include "phial/runtime/cpu.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

using files = std::vector<std::pair<std::string, std::string>>; // path, content

std::optional<unsigned> quota(files const &tree, std::string const &self) {
    temporary_folder const root;
    for (auto const &[path, content] : tree) {
        std::filesystem::create_directories((root.path() / path).parent_path());
        std::ofstream(root.path() / path) << content;
    }
    return cpu_quota(root.path(), self);
}

struct expectation {
    char const *what;
    files tree;
    std::string self;
    std::optional<unsigned> cpus;
};

void check(std::vector<expectation> const &cases) {
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto const got = quota(c.tree, c.self);
            BOOST_TEST(got.has_value() == c.cpus.has_value());
            BOOST_TEST(got.value_or(0) == c.cpus.value_or(0));
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(cpu)

BOOST_AUTO_TEST_CASE(version_2_is_read_from_cpu_max_and_rounded_up) {
    check({
        {"two", {{"cpu.max", "200000 100000\n"}}, "0::/\n", 2},
        {"one and a half", {{"cpu.max", "150000 100000\n"}}, "0::/\n", 2},
        {"just above one", {{"cpu.max", "100001 100000\n"}}, "0::/\n", 2},
        {"one", {{"cpu.max", "100000 100000\n"}}, "0::/\n", 1},
        {"a tenth", {{"cpu.max", "10000 100000\n"}}, "0::/\n", 1},
        {"another period", {{"cpu.max", "30000 10000\n"}}, "0::/\n", 3},
        {"more than anybody has", {{"cpu.max", "17592186044415 1000\n"}}, "0::/\n", 1'000'000},
        {"no limit", {{"cpu.max", "max 100000\n"}}, "0::/\n", {}},
        {"no line end", {{"cpu.max", "200000 100000"}}, "0::/", 2},
    });
}

BOOST_AUTO_TEST_CASE(the_strictest_of_the_groups_above_holds) {
    check({
        {"own group", {{"a/b/cpu.max", "200000 100000"}}, "0::/a/b\n", 2},
        {"group above", {{"a/cpu.max", "200000 100000"}, {"a/b/cpu.max", "max 100000"}}, "0::/a/b\n", 2},
        {"own is stricter", {{"a/cpu.max", "400000 100000"}, {"a/b/cpu.max", "300000 100000"}}, "0::/a/b\n", 3},
        {"above is stricter", {{"a/cpu.max", "100000 100000"}, {"a/b/cpu.max", "300000 100000"}}, "0::/a/b\n", 1},
        {"root is stricter", {{"cpu.max", "100000 100000"}, {"a/b/c/cpu.max", "300000 100000"}}, "0::/a/b/c\n", 1},
        {"no file between", {{"a/cpu.max", "200000 100000"}}, "0::/a/b/c\n", 2},
        {"another group's limit", {{"z/cpu.max", "100000 100000"}}, "0::/a\n", {}},
        {"a group below", {{"a/b/cpu.max", "100000 100000"}}, "0::/a\n", {}},
        {"a colon in the name", {{"a:b/cpu.max", "200000 100000"}}, "0::/a:b\n", 2},
        {"a group not seen in a container", {{"cpu.max", "200000 100000"}}, "0::/system.slice/docker-1.scope\n", 2},
    });
}

BOOST_AUTO_TEST_CASE(version_1_is_read_from_the_cpu_controller) {
    files const two{{"cpu/cpu.cfs_quota_us", "150000\n"}, {"cpu/cpu.cfs_period_us", "100000\n"}};
    files const none{{"cpu/cpu.cfs_quota_us", "-1\n"}, {"cpu/cpu.cfs_period_us", "100000\n"}};
    files const nested{{"cpu/cpu.cfs_quota_us", "-1"},         {"cpu/cpu.cfs_period_us", "100000"},
                       {"cpu/a/cpu.cfs_quota_us", "300000"},   {"cpu/a/cpu.cfs_period_us", "100000"},
                       {"cpu/a/b/cpu.cfs_quota_us", "500000"}, {"cpu/a/b/cpu.cfs_period_us", "100000"}};
    check({
        {"cpu,cpuacct", two, "12:pids:/x\n4:cpu,cpuacct:/\n1:name=systemd:/y\n", 2},
        {"cpuacct,cpu", two, "4:cpuacct,cpu:/\n", 2},
        {"cpu alone", two, "4:cpu:/\n", 2},
        {"no limit", none, "4:cpu,cpuacct:/\n", {}},
        {"nested", nested, "4:cpu,cpuacct:/a/b\n", 3},
        {"other controllers", two, "4:cpuset:/\n5:cpuacct:/\n", {}},
        {"quota alone", {{"cpu/cpu.cfs_quota_us", "150000"}}, "4:cpu:/\n", {}},
    });
}

BOOST_AUTO_TEST_CASE(of_both_versions_the_stricter_holds) {
    files const both{
        {"cpu.max", "300000 100000"}, {"cpu/cpu.cfs_quota_us", "200000"}, {"cpu/cpu.cfs_period_us", "100000"}};
    check({{"both", both, "4:cpu:/\n0::/\n", 2}, {"version 2 alone", both, "0::/\n", 3}});
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_not_a_limit) {
    check({
        {"nothing there", {}, "0::/a\n", {}},
        {"empty file", {{"cpu.max", ""}}, "0::/\n", {}},
        {"no period", {{"cpu.max", "100000"}}, "0::/\n", {}},
        {"no numbers", {{"cpu.max", "many cpus"}}, "0::/\n", {}},
        {"period of zero", {{"cpu.max", "100000 0"}}, "0::/\n", {}},
        {"quota of zero", {{"cpu.max", "0 100000"}}, "0::/\n", {}},
        {"negative period", {{"cpu.max", "100000 -100000"}}, "0::/\n", {}},
        {"a folder of that name", {{"cpu.max/x", "1"}}, "0::/\n", {}},
        {"no groups", {{"cpu.max", "100000 100000"}}, "", {}},
        {"garbage", {{"cpu.max", "100000 100000"}}, "garbage\n:\n\n::\nmore", 1}, // "::" names the root of version 2
    });
    BOOST_TEST(!cpu_quota("/does/not/exist", "0::/\n").has_value());
    BOOST_TEST(!cpu_quota("/dev/null", "0::/a\n4:cpu:/b\n").has_value());
}

BOOST_AUTO_TEST_CASE(at_least_one_cpu_and_no_more_than_there_are_can_be_used) {
    BOOST_TEST(usable_cpus() >= 1U);
    BOOST_TEST(usable_cpus() <= std::max(1U, std::thread::hardware_concurrency()));
}

BOOST_AUTO_TEST_SUITE_END()
