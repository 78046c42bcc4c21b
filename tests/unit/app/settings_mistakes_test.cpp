// All that can be wrong with settings.
#include "unit/app/settings_of.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

using namespace phial;
using namespace phial::testing;

BOOST_FIXTURE_TEST_SUITE(settings_mistakes, settings_fixture)

BOOST_AUTO_TEST_CASE(values_that_are_none_are_mistakes) {
    auto const dir = folder.path().string();
    struct {
        std::string flag;
        std::vector<std::string> parts;
    } const cases[] = {
        {"--port=65536", {"--port", "'65536'", "between 0 and 65535"}},
        {"--port=-1", {"--port", "'-1'"}},
        {"--port=+1", {"--port", "'+1'"}},
        {"--port=80x", {"--port", "'80x'"}},
        {"--port=0x50", {"--port", "'0x50'"}},
        {"--port=80 ", {"--port", "'80 '"}},
        {"--port=99999999999999999999", {"--port"}},
        {"--threads=0", {"--threads", "'0'", "between 1 and 1024"}},
        {"--threads=1025", {"--threads", "'1025'"}},
        {"--threads=many", {"--threads", "'many'"}},
        {"--debug=maybe", {"--debug", "'maybe'", "yes"}},
        {"--demo-credentials=2", {"--demo-credentials", "'2'"}},
        {"--log-level=verbose", {"--log-level", "'verbose'", "critical"}},
        {"--log-level=INFO", {"--log-level", "'INFO'"}},
        {"--log-format=xml", {"--log-format", "'xml'", "text", "json"}},
        {"--access-log=ALL", {"--access-log", "'ALL' is none of off, errors and all"}},
        {"--access-log=none", {"--access-log", "'none'"}},
        {"--access-log=", {"--access-log", "''"}},
        {"--durability=half", {"--durability", "'half'", "full", "none"}},
        {"--trusted-proxies=10.0.0.0/8,proxy", {"--trusted-proxies: 'proxy'", "10.0.0.0/8"}},
        {"--trusted-proxies=10.0.0.1/8", {"--trusted-proxies: '10.0.0.1/8'", "first 8"}},
        {"--trusted-proxies=::/129", {"--trusted-proxies: '::/129'", "0 to 128"}},
        {"--forwarded=for,by", {"--forwarded: 'by'", "prefix"}},
        {"--forwarded=proto", {"--forwarded: ", "--trusted-proxies"}},
        {"--proxy-protocol", {"--proxy-protocol: ", "--trusted-proxies"}},
        {"--root-path=//evil.example", {"--root-path: '//evil.example'", "/api"}},
        {"--root-path=api", {"--root-path: 'api'"}},
        {"--hsts=1y", {"--hsts: '1y'", "31536000"}},
        {"--address=localhost", {"--address", "'localhost'", "IPv4"}},
        {"--address=127.0.0.1:80", {"--address"}},
        {"--address=[::1]", {"--address"}},
        {"--address=127.1", {"--address"}},
        {"--address=256.0.0.1", {"--address"}},
        {"--upload-dir=" + dir + "/missing", {"--upload-dir", dir + "/missing", "folder"}},
        {"--log-dir=" + dir + "/missing", {"--log-dir", dir + "/missing", "folder"}},
        {"--upload-dir=/dev/null", {"--upload-dir", "/dev/null", "not a folder"}},
        {"--static-dir=" + dir + "/missing", {"--static-dir", dir + "/missing", "not a folder", "No such file"}},
        {"--static-dir=/dev/null", {"--static-dir", "/dev/null", "not a folder"}},
        {"--config=" + dir + "/missing", {"--config", dir + "/missing"}},
    };
    for (auto const &c : cases) check_one_mistake({c.flag}, c.parts);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_to_is_a_mistake) {
    if (::geteuid() == 0) return; // root can write anywhere
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read);
    check_one_mistake({"--upload-dir=" + folder.path().string()}, {"--upload-dir", "written"});
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(flags_and_arguments_that_are_unknown_are_mistakes) {
    struct {
        arguments args;
        std::vector<std::string> parts;
    } const cases[] = {
        {{"--nothing"}, {"'--nothing'", "--help"}},
        {{"--nothing=1"}, {"--nothing"}},
        {{"--por=1"}, {"--por"}}, // no abbreviations
        {{"--deb"}, {"--deb"}},
        {{"--vers"}, {"--vers"}},
        {{"--PORT=1"}, {"--PORT"}},
        {{"-x"}, {"-x"}},
        {{"-port=1"}, {"-p"}},
        {{"start"}, {"'start'", "--"}},
        {{"--debug", "start"}, {"--debug", "'start'"}}, // taken for its value
        {{""}, {"''"}},
    };
    for (auto const &c : cases) check_one_mistake(c.args, c.parts);
}

BOOST_AUTO_TEST_CASE(flags_without_their_value_and_flags_given_twice_are_mistakes) {
    check_one_mistake({"--port"}, {"--port"});
    check_one_mistake({"--threads=1", "--port"}, {"--port"});
    check_one_mistake({"--help=1"}, {"--help"});
    check_one_mistake({"--port=1", "--port=2"}, {"--port"});
    check_one_mistake({"--port", "1", "--port", "2"}, {"--port"});
    check_one_mistake({"--debug", "--debug"}, {"--debug"});
    check_one_mistake({"--debug=no", "--threads=1", "--debug"}, {"--debug"});
    check_one_mistake({"--port="}, {"--port", "''"});
    check_one_mistake({"--debug="}, {"--debug"});
    check_one_mistake({"--="}, {"'--='"});
    check_one_mistake({"--port", "--threads=1"}, {"--port"});
}

BOOST_AUTO_TEST_CASE(mistakes_in_the_file_name_it) {
    struct {
        std::string content;
        std::vector<std::string> parts;
    } const cases[] = {
        {"nothing = 1\n", {"'nothing'"}},           {"por = 1\n", {"'por'"}},
        {"PHIAL_PORT = 1\n", {"'PHIAL_PORT'"}},     {"[section]\nport = 1\n", {", line 1: there are no sections"}},
        {"port 80\n", {", line 1: it has no '='"}}, {"port = 1\nport = 2\n", {", line 2: 'port' is in line 1 too"}},
        {"= 1\n", {", line 1: there is no name"}},  {"config = /nowhere\n", {", line 1: 'config'"}},
    };
    for (auto const &c : cases) {
        auto const path = file(c.content);
        auto parts = c.parts;
        parts.push_back(path);
        check_one_mistake({"--config=" + path}, parts);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_file_of_settings_is_a_mistake_whoever_names_it) {
    auto const dir = folder.path().string();
    for (auto const &path : {dir, dir + "/none", std::string("/dev/zero"), std::string()}) {
        check_one_mistake({"--config", path}, {"--config: " + path});
        variable const config("PHIAL_CONFIG", path);
        check_one_mistake({}, {"--config: " + path});
    }
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_reported_at_once_a_line_each) {
    auto const config = "--config=" + file("nothing = 1\nelse = 2\nlog-level = loud\n");
    variable const threads("PHIAL_THREADS", "none");
    auto const wrong = mistakes({config, "--port=x", "--unknown", "stray", "--upload-dir=/missing"});
    std::vector<std::string> const expected{"--unknown", "stray",     "nothing",      "else",
                                            "--port",    "--threads", "--upload-dir", "--log-level"};
    BOOST_TEST(wrong.size() == expected.size());
    for (auto const &part : expected) {
        BOOST_TEST_CONTEXT(part) {
            int lines = 0;
            for (auto const &w : wrong) lines += contains(w, part) ? 1 : 0;
            BOOST_TEST(lines >= 1);
        }
    }
    for (auto const &w : wrong) BOOST_TEST_CONTEXT(w) BOOST_TEST(!contains(w, "\n"));
}

BOOST_AUTO_TEST_CASE(a_missing_value_does_not_hide_other_mistakes) {
    auto const wrong = mistakes({"--unknown", "--threads=0", "--port"});
    BOOST_TEST(wrong.size() == 3U);
    for (auto const *part : {"--unknown", "--threads", "--port"}) {
        BOOST_TEST_CONTEXT(part) {
            bool told = false;
            for (auto const &w : wrong) told = told || contains(w, part);
            BOOST_TEST(told);
        }
    }
}

BOOST_AUTO_TEST_CASE(addresses_others_can_reach_need_consent_to_the_demo_credentials) {
    for (std::string const address : {"0.0.0.0", "192.168.1.1", "128.0.0.1", "::", "fe80::1", "2001:db8::1"}) {
        BOOST_TEST_CONTEXT(address) {
            check_one_mistake({"--address=" + address},
                              {"--address", address, "--password-file", "--demo-credentials"});
            check_one_mistake({"--address=" + address, "--demo-credentials=no"}, {"--demo-credentials"});
            BOOST_TEST(settings_of({"--address=" + address, "--demo-credentials"}).service.server.address == address);
        }
    }
    for (std::string const address : {"127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"})
        BOOST_TEST_CONTEXT(address) BOOST_TEST(settings_of({"--address=" + address}).service.server.address == address);
}

BOOST_AUTO_TEST_CASE(all_mistakes_of_a_file_of_passwords_are_reported_beside_others) {
    auto const users = file("alice:hunter2\n\nbob\n");
    auto const wrong = mistakes({"--password-file=" + users, "--address=0.0.0.0", "--threads=0"});
    BOOST_TEST_REQUIRE(wrong.size() == 3U); // and none about the address: it is clear what was wanted
    BOOST_TEST(wrong[0].starts_with("--threads: "));
    BOOST_TEST(wrong[1].starts_with("--password-file: " + users + ", line 1: "));
    BOOST_TEST(!contains(wrong[1], "hunter2"));
    BOOST_TEST(contains(wrong[1], "htpasswd -B -C 10 " + users + " alice"));
    BOOST_TEST(wrong[2].starts_with("--password-file: " + users + ", line 3: "));

    std::string many;
    for (int i = 0; i < 1200; ++i) many += "x\n";
    auto const flood = mistakes({"--password-file=" + file(many)});
    BOOST_TEST_REQUIRE(flood.size() == 1001U);
    BOOST_TEST(contains(flood.back(), "200 more errors"));
}

BOOST_AUTO_TEST_CASE(a_file_of_passwords_that_is_none_is_a_mistake) {
    auto const dir = folder.path().string();
    check_one_mistake({"--password-file="}, {"--password-file: '' is not a file"});
    check_one_mistake({"--password-file=" + dir}, {"--password-file: " + dir + ": it is a folder"});
    check_one_mistake({"--password-file=" + dir + "/none"}, {"--password-file: " + dir + "/none: ", "htpasswd"});
}

BOOST_AUTO_TEST_CASE(the_demo_user_and_a_file_of_passwords_exclude_each_other) {
    auto const users = file("alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n");
    check_one_mistake({"--password-file=" + users, "--demo-credentials"}, {"--demo-credentials: with --password-file"});
    BOOST_TEST(settings_of({"--password-file=" + users, "--demo-credentials=no"}).service.passwords.has_value());
}

BOOST_AUTO_TEST_CASE(debug_mode_is_refused_where_others_can_see_it) {
    check_one_mistake({"--address=0.0.0.0", "--demo-credentials", "--debug"}, {"--debug", "0.0.0.0"});
    check_one_mistake({"--address=::", "--demo-credentials", "--debug=yes"}, {"--debug", "::"});
    BOOST_TEST(mistakes({"--address=0.0.0.0", "--debug"}).size() == 2U);
    BOOST_TEST(settings_of({"--address=::1", "--debug"}).service.server.context.debug);
    BOOST_TEST(!settings_of({"--address=::", "--demo-credentials", "--debug=no"}).service.server.context.debug);
}

BOOST_AUTO_TEST_CASE(two_listeners_on_one_address_need_two_ports) {
    struct {
        std::string address, ops_address;
        bool overlap;
    } const cases[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"::1", "0:0:0:0:0:0:0:1", true},
        {"0.0.0.0", "127.0.0.1", true},
        {"127.0.0.1", "0.0.0.0", true},
        {"::", "::1", true},
        {"::", "127.0.0.1", true}, // :: serves IPv4 as well
        {"0.0.0.0", "::", true},
        {"127.0.0.1", "::ffff:127.0.0.1", true},
        {"::ffff:0.0.0.0", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"127.0.0.1", "::1", false},
        {"0.0.0.0", "::1", false},
        {"::ffff:127.0.0.1", "127.0.0.2", false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.address << " and " << c.ops_address) {
            auto const with_ports = [&c](std::string const &port, std::string const &ops_port) {
                return arguments{"--address=" + c.address, "--ops-address=" + c.ops_address, "--demo-credentials",
                                 "--port=" + port, "--ops-port=" + ops_port};
            };
            if (c.overlap)
                check_one_mistake(with_ports("7", "7"), {"--ops-port: 7 is --port too", c.address, c.ops_address});
            else
                BOOST_TEST(mistakes(with_ports("7", "7")).empty());
            BOOST_TEST(mistakes(with_ports("7", "8")).empty());
            BOOST_TEST(mistakes(with_ports("0", "0")).empty()); // each any free one
        }
    }
    check_one_mistake({"--ops-port=5000"}, {"--ops-port: 5000 is --port too, on 127.0.0.1."});
    check_one_mistake({"--ops-port=5000", "--address=nowhere"}, {"--address: 'nowhere'"}); // nothing about ports
}

BOOST_AUTO_TEST_CASE(a_request_line_is_no_larger_than_its_head) {
    BOOST_TEST(settings_of({"--max-head=16KiB"}).service.server.context.limits.head == 16U * 1024);
    check_one_mistake({"--max-head=8KiB"}, {"--max-request-line", "--max-head"});
}

BOOST_AUTO_TEST_SUITE_END()
