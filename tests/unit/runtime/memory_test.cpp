#include "phial/runtime/memory.hpp"

#include "phial/runtime/cgroup.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace phial;
using namespace phial::testing;

namespace {

struct tree {
    temporary_folder root;
    void write(std::string const &name, std::string const &text) const {
        auto const path = root.path() / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(memory, tree)

BOOST_AUTO_TEST_CASE(no_limit_is_none) {
    BOOST_TEST(!memory_limit(root.path(), "0::/\n"));
    write("memory.max", "max\n");
    BOOST_TEST(!memory_limit(root.path(), "0::/\n"));
    BOOST_TEST(!memory_limit(root.path(), ""));
    BOOST_TEST(!memory_limit(root.path(), "garbage"));
}

BOOST_AUTO_TEST_CASE(the_strictest_group_above_counts) {
    write("memory.max", "max\n");
    write("a/memory.max", "1000000\n");
    write("a/b/memory.max", "2000000\n");
    BOOST_TEST((memory_limit(root.path(), "0::/a/b\n") == 1'000'000U));
    BOOST_TEST((memory_limit(root.path(), "0::/a\n") == 1'000'000U));
    BOOST_TEST(!memory_limit(root.path(), "0::/\n"));
}

BOOST_AUTO_TEST_CASE(version_1_has_a_tree_for_memory) {
    write("memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("memory/pod/memory.limit_in_bytes", "4096\n");
    BOOST_TEST((memory_limit(root.path(), "5:cpu,cpuacct:/x\n9:memory:/pod\n") == 4096U));
    BOOST_TEST(!memory_limit(root.path(), "9:memory_other:/pod\n"));
}

BOOST_AUTO_TEST_CASE(this_machine_has_some) { BOOST_TEST(usable_memory() > (1U << 20)); }

BOOST_AUTO_TEST_SUITE_END()
