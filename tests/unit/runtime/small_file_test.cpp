#include "phial/runtime/small_file.hpp"

#include "phial/testing/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

using namespace phial;

namespace {

constexpr std::size_t most = 1U << 20U;

struct folder {
    std::string file(std::string const &content) const {
        auto const path = (place.path() / "file").string();
        std::ofstream(path) << content;
        return path;
    }
    testing::temporary_folder place;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(small_files, folder)

BOOST_AUTO_TEST_CASE(a_file_is_read_whole_up_to_the_limit) {
    for (auto const size : {std::size_t{0}, std::size_t{1}, most - 1, most}) {
        std::string const content(size, 'x');
        BOOST_TEST((read_small_file(file(content), most).text == content), size);
    }
}

BOOST_AUTO_TEST_CASE(a_larger_file_is_refused) {
    BOOST_CHECK_EXCEPTION((void)read_small_file(file(std::string(most + 1, 'x')), most), file_error,
                          [](file_error const &e) { return e.what() == std::string("it is larger than 1 MiB"); });
}

// Its size is said to be 0: a file may have more than was known when it was opened.
BOOST_AUTO_TEST_CASE(a_file_with_more_than_its_size_says_is_read_to_its_end) {
    auto const read = read_small_file("/proc/self/status", most);
    BOOST_TEST(read.state.st_size == 0);
    BOOST_TEST(read.text.starts_with("Name:"));
    BOOST_TEST(read.text.ends_with('\n'));
}

BOOST_AUTO_TEST_CASE(only_regular_files_are_read) {
    BOOST_CHECK_EXCEPTION((void)read_small_file(place.path().string(), most), file_error, [](file_error const &e) {
        return std::string(e.what()).starts_with("it is a folder") && !e.is_missing();
    });
    BOOST_CHECK_EXCEPTION((void)read_small_file("/dev/null", most), file_error,
                          [](file_error const &e) { return e.what() == std::string("it is not a regular file"); });
    BOOST_CHECK_EXCEPTION((void)read_small_file((place.path() / "no").string(), most), file_error,
                          [](file_error const &e) { return e.is_missing(); });
}

BOOST_AUTO_TEST_SUITE_END()
