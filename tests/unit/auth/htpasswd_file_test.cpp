// Reading an htpasswd file: its stamp, and files that cannot be read.
#include "phial/auth/htpasswd.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

constexpr std::string_view alice = "alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n";

struct fixture {
    temporary_folder folder;

    std::string path(char const *name) const { return (folder.path() / name).string(); }

    void write(char const *name, std::string_view content) const {
        std::ofstream(path(name), std::ios::binary) << content;
    }

    // The one mistake; "" when it was read.
    static std::string mistake(std::string const &path) {
        try {
            (void)read_htpasswd(path);
            return "";
        } catch (htpasswd_error const &e) {
            BOOST_TEST(e.mistakes().size() == 1U);
            return e.mistakes().front();
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reading_htpasswd, fixture)

BOOST_AUTO_TEST_CASE(the_table_and_the_stamp_are_those_of_the_file) {
    write("users", alice);
    auto const found = read_htpasswd(path("users"));
    BOOST_TEST(found.table->find("alice"));
    BOOST_TEST((found.stamp == stamp_of(path("users"))));
    BOOST_TEST(found.stamp.size == static_cast<std::int64_t>(alice.size()));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_reported_with_its_name) {
    std::filesystem::create_directory(path("folder"));
    ::mkfifo(path("pipe").c_str(), 0600);
    std::filesystem::create_symlink(path("nowhere"), path("broken"));
    std::filesystem::create_symlink(path("folder"), path("link"));
    write("large", std::string(htpasswd_file::most_bytes + 1, '#'));
    write("bad", "alice\n");
    struct {
        char const *name;
        std::string_view what;
    } const cases[] = {
        {"missing", ": No such file or directory. Make it: htpasswd -B -C 10 -c FILE NAME"},
        {"broken", ": No such file or directory."},
        {"folder", ": it is a folder"},
        {"link", ": it is a folder"},
        {"pipe", ": it is not a regular file"},
        {"large", ": it is larger than 1 MiB"},
        {"bad", ", line 1: there is no colon"},
        {"bad/users", ": it cannot be read: Not a directory"},
    };
    for (auto const &c : cases) BOOST_TEST_CONTEXT(c.name << mistake(path(c.name)))
    BOOST_TEST(mistake(path(c.name)).starts_with(path(c.name) + std::string(c.what)));
    BOOST_TEST(mistake("/dev/null") == "/dev/null: it is not a regular file");
}

BOOST_AUTO_TEST_CASE(a_file_of_others_cannot_be_read) {
    if (::geteuid() == 0) return; // root can
    write("users", alice);
    std::filesystem::permissions(path("users"), std::filesystem::perms::none);
    BOOST_TEST(mistake(path("users")) == path("users") + ": it cannot be read: Permission denied");
}

BOOST_AUTO_TEST_CASE(a_mebibyte_is_read) {
    std::string text(htpasswd_file::most_bytes - alice.size() - 1, '#');
    write("users", text + '\n' + std::string(alice));
    BOOST_TEST(read_htpasswd(path("users")).table->size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_stamp_changes_with_the_file_it_leads_to) {
    write("users", alice);
    std::filesystem::create_symlink("users", path("link"));
    auto const first = stamp_of(path("link"));
    BOOST_TEST((first == stamp_of(path("users"))));
    BOOST_TEST((first == stamp_of(path("link"))));

    write("users", std::string(alice) + '\n'); // another size
    auto const longer = stamp_of(path("link"));
    BOOST_TEST((longer != first));

    timespec const times[] = {{0, UTIME_OMIT}, {1'000'000'000, 1}};
    ::utimensat(AT_FDCWD, path("users").c_str(), times, 0);
    auto const older = stamp_of(path("link"));
    BOOST_TEST((older != longer));
    BOOST_TEST(older->written == 1'000'000'000'000'000'001);

    write("other", std::string(alice) + '\n');
    ::utimensat(AT_FDCWD, path("other").c_str(), times, 0);
    std::filesystem::remove(path("link"));
    std::filesystem::create_symlink("other", path("link"));
    BOOST_TEST((stamp_of(path("link")) != older)); // another file
    std::filesystem::remove(path("other"));
    BOOST_TEST(!stamp_of(path("link")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
