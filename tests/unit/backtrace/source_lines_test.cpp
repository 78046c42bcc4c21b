// Lines of source files: which are read, and of which files.
#include "phial/backtrace/source_lines.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

struct fixture {
    temporary_folder outside;
    std::filesystem::path const folder = outside.path() / "tree";
    source_tree const tree{folder.string(), "/built"};

    fixture() {
        std::filesystem::create_directories(folder / "lib");
        std::ofstream twelve(folder / "lib/twelve.cpp");
        for (int n = 1; n <= 12; ++n) twelve << "line " << n << '\n';
        std::ofstream(folder / "lib/long.cpp") << std::string(1000, 'x') << '\n';
        std::ofstream(folder / "lib/empty.cpp");
        std::ofstream(outside.path() / "secret") << "secret\n";
        std::filesystem::create_symlink("../../secret", folder / "lib/link.cpp");
        std::filesystem::create_symlink("lib", folder / "include");
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(source_lines_, fixture)

BOOST_AUTO_TEST_CASE(five_lines_before_and_after_are_read_where_there_are_as_many) {
    struct {
        unsigned line, first, last;
    } const cases[] = {{1, 1, 6}, {2, 1, 7}, {6, 1, 11}, {7, 2, 12}, {12, 7, 12}};
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.line) {
            auto const found = read_source_lines(tree, "/built/lib/twelve.cpp", c.line);
            BOOST_TEST(found.first == c.first);
            BOOST_TEST_REQUIRE(found.lines.size() == c.last - c.first + 1);
            BOOST_TEST(found.lines.front() == "line " + std::to_string(c.first));
            BOOST_TEST(found.lines.back() == "line " + std::to_string(c.last));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_was_joined_from_others_and_a_link_in_the_tree_lead_to_the_file) {
    for (std::string const name :
         {"/built/build/release/../../lib/twelve.cpp", "/built/./lib//twelve.cpp", "/built/include/twelve.cpp"})
        BOOST_TEST_CONTEXT(name) {
            auto const found = read_source_lines(tree, name, 3);
            BOOST_TEST(found.name == "lib/twelve.cpp");
            BOOST_TEST(found.lines.size() == 8U);
        }
}

BOOST_AUTO_TEST_CASE(nothing_is_read_that_is_not_a_line_of_a_file_in_the_tree) {
    auto const out = (outside.path() / "secret").string();
    struct {
        std::string name;
        unsigned line;
    } const cases[] = {
        {"/built/lib/twelve.cpp", 0},
        {"/built/lib/twelve.cpp", 13},
        {"/built/lib/empty.cpp", 1},
        {"/built/lib/none.cpp", 1},
        {"/built/lib", 1},
        {"/built", 1},
        {"/built/../secret", 1},
        {"/built/lib/../../secret", 1},
        {"/built/lib/link.cpp", 1},
        {"lib/twelve.cpp", 1},
        {"/builtlib/twelve.cpp", 1},
        {out, 1},
        {"", 1},
        {"/other/lib/twelve.cpp", 1},
        {folder.string() + "/lib/twelve.cpp", 1},
    };
    for (auto const &c : cases)
        BOOST_TEST_CONTEXT(c.name << ':' << c.line) BOOST_TEST(read_source_lines(tree, c.name, c.line).lines.empty());
}

BOOST_AUTO_TEST_CASE(without_a_tree_nothing_is_read) {
    for (auto const &none : {source_tree(), source_tree{folder.string(), ""}, source_tree{"", "/built"},
                             source_tree{folder.string() + "/none", "/built"}})
        BOOST_TEST(read_source_lines(none, "/built/lib/twelve.cpp", 1).lines.empty());
}

BOOST_AUTO_TEST_CASE(a_long_line_is_cut) {
    auto const found = read_source_lines(tree, "/built/lib/long.cpp", 1);
    BOOST_TEST_REQUIRE(found.lines.size() == 1U);
    BOOST_TEST(found.lines.front() == std::string(400, 'x') + "...");
}

BOOST_AUTO_TEST_SUITE_END()
