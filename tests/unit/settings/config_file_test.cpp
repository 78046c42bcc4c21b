// A file of settings: what it may say, and what is no such file.
#include "phial/settings/config_file.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::string_view_literals;

namespace {

bool is_known(std::string const &name) {
    return name == "port" || name == "threads" || name == "upload-dir" || name == "config" || name == "help" ||
           name == "version";
}

config_file parse(std::string_view text) { return parse_config(text, "phial.conf", is_known); }

// "port=7,threads=3,"
std::string in_one_line(std::vector<config_entry> const &entries) {
    std::string out;
    for (auto const &e : entries) ((out += e.name) += '=') += e.value + ',';
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_files)

BOOST_AUTO_TEST_CASE(lines_have_a_name_and_a_value) {
    struct {
        std::string_view text;
        std::string_view entries;
    } const cases[] = {
        {"", ""},
        {"\n \n\t\n", ""},
        {"port = 7\nthreads=3\n", "port=7,threads=3,"},
        {"port = 7\nthreads = 3", "port=7,threads=3,"},
        {" \tport\t=\t7 \t\n", "port=7,"},
        {"port =\nthreads = \n", "port=,threads=,"},
        {"port = a=b = c\n", "port=a=b = c,"},
        {"port = \"two words\"\n", "port=\"two words\","},
        {"port = a\tb\n", "port=a\tb,"},
        {"port = h\u00E9\n", "port=h\u00E9,"},
        // `#` begins a comment at the beginning of a line or after white space, and nowhere else.
        {"upload-dir = /data/a#b\n", "upload-dir=/data/a#b,"},
        {"upload-dir = /data/a#b # odd\n", "upload-dir=/data/a#b,"},
        {"upload-dir = /data/a#b\t#odd\n", "upload-dir=/data/a#b,"},
        {"upload-dir = a##b#\n", "upload-dir=a##b#,"},
        {"upload-dir =#b\n", "upload-dir=#b,"},
        {"upload-dir = # none\n", "upload-dir=,"},
        {"upload-dir = a # b # c\n", "upload-dir=a,"},
        {"#port = 1\n  # port = 2\n\t#port = 3\nport = 4\n", "port=4,"},
        {"# [section]\n# a line without the sign\nport = 4\n", "port=4,"},
        // What editors put there.
        {"\xEF\xBB\xBFport = 7\n", "port=7,"},
        {"\xEF\xBB\xBF", ""},
        {"\xEF\xBB\xBF# port\nport = 7\n", "port=7,"},
        {"port = 7\r\n\r\n# three\r\nthreads = 3\r\n", "port=7,threads=3,"},
        {"port = 7\r\nthreads = 3\r", "port=7,threads=3,"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.text) {
            auto const file = parse(c.text);
            BOOST_TEST(in_one_line(file.entries) == c.entries);
            BOOST_TEST(file.mistakes.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_mistake_names_file_and_line_and_hides_no_other_line) {
    struct {
        std::string_view line;
        std::string_view mistake;
    } const cases[] = {
        {"port 80", "it has no '='. Write: name = value"},
        {"threads", "it has no '='"},
        {"= 1", "there is no name before '='"},
        {" \t = 1", "there is no name before '='"},
        {"[section]", "there are no sections"},
        {"[section] # port = 1", "there are no sections"},
        {"port = 80", "'port' is in line 1 too"},
        {"nothing = 1", "there is no setting 'nothing'"},
        {"--threads = 1", "there is no setting '--threads'"},
        {"Threads = 1", "there is no setting 'Threads'"},
        {"PHIAL_THREADS = 1", "there is no setting 'PHIAL_THREADS'"},
        {"\xEF\xBB\xBFthreads = 1", "there is no setting '\xEF\xBB\xBFthreads'"}, // not at the beginning of the file
        {"config = /nowhere", "'config' names this file"},
        {"help = 1", "'help' is not a setting. Give the flag --help"},
        {"version = no", "'version' is not a setting. Give the flag --version"},
        {"threads = 1\rupload-dir = /", "it holds a control character"}, // CR alone ends no line
        {"upload-dir = /\x1B[2J", "it holds a control character"},
        {"upload-dir = /\0a"sv, "it holds a control character"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.line) {
            auto const file = parse("port = 7\n\n" + std::string(c.line) + "\nupload-dir = /tmp\n");
            BOOST_TEST(in_one_line(file.entries) == "port=7,upload-dir=/tmp,");
            BOOST_TEST_REQUIRE(file.mistakes.size() == 1U);
            BOOST_TEST(file.mistakes.front().starts_with("phial.conf, line 3: " + std::string(c.mistake)),
                       file.mistakes.front());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_of_something_else_makes_few_short_lines_and_is_not_repeated) {
    std::string text;
    for (std::size_t i = 0; i < config_file::most_mistakes + 20; ++i) text += "alice:secret\n";
    auto const wrong = parse(text).mistakes;
    BOOST_TEST_REQUIRE(wrong.size() == config_file::most_mistakes + 1);
    BOOST_TEST(wrong.back() == "phial.conf: 20 more mistakes are not listed");
    for (auto const &w : wrong) BOOST_TEST(w.find("secret") == w.npos);
    auto const long_name = parse(std::string(10'000, 'x') + "=1\n").mistakes;
    BOOST_TEST_REQUIRE(long_name.size() == 1U);
    BOOST_TEST(long_name.front().size() < 200U);
    for (auto const utf16 : {"\xFF\xFEp\0o\0"sv, "\xFE\xFF\0p\0o"sv})
        BOOST_TEST(parse(utf16).mistakes ==
                       std::vector<std::string>{"--config: phial.conf: it is UTF-16. Save it as UTF-8"},
                   boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_not_a_file_is_a_mistake_and_is_not_waited_for) {
    temporary_folder const folder;
    auto const dir = folder.path().string();
    auto const large = dir + "/large";
    std::ofstream(large) << std::string(config_file::most_bytes + 1, '\n');
    auto const largest = dir + "/largest";
    std::ofstream(largest) << std::string(config_file::most_bytes - 9, '\n') << "port = 7\n";
    BOOST_REQUIRE(::mkfifo((dir + "/pipe").c_str(), 0600) == 0);
    struct {
        std::string path;
        std::string_view why;
    } const cases[] = {
        {dir, "it is a folder. Name the file in it"},
        {dir + "/none", "there is no such file. Make it, or leave --config out"},
        {large + "/x", "it cannot be read: Not a directory"},
        {dir + "/pipe", "it is not a regular file"},
        {"/dev/zero", "it is not a regular file"},
        {large, "it is larger than 1 MiB"},
        {"", "there is no such file. Make it, or leave --config out"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.path) {
            auto const file = read_config(c.path, is_known);
            BOOST_TEST(file.entries.empty());
            BOOST_TEST_REQUIRE(file.mistakes.size() == 1U);
            BOOST_TEST(file.mistakes.front() ==
                       "--config: " + (c.path.empty() ? "''" : c.path) + ": " + std::string(c.why));
        }
    }
    auto const file = read_config(largest, is_known);
    BOOST_TEST(in_one_line(file.entries) == "port=7,");
    BOOST_TEST(file.mistakes.empty());
}

BOOST_AUTO_TEST_SUITE_END()
