// Settings from flags, environment and file, and all that can be wrong with them.
#include "app/settings.hpp"
#include "phial/files/temporary_file.hpp"
#include "support/support.hpp"
#include "unit/app/settings_of.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

// What is printed instead of serving; empty: it serves.
std::string text_of(arguments const &args) {
    settings s;
    return read_settings(s, args).value_or("");
}

// A variable of the environment, until it goes out of scope.
class variable {
  public:
    variable(std::string name, std::string const &value) : name_(std::move(name)) {
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~variable() { ::unsetenv(name_.c_str()); }
    variable(variable const &) = delete;
    variable &operator=(variable const &) = delete;

  private:
    std::string name_;
};

struct fixture {
    temporary_folder folder;

    // The faults; none when the settings are right.
    static std::vector<std::string> mistakes(arguments const &args) {
        try {
            (void)settings_of(args);
            return {};
        } catch (settings_error const &e) {
            return e.faults();
        }
    }

    std::string file(std::string const &content) const {
        auto const path = (folder.path() / "phial.conf").string();
        std::ofstream(path) << content;
        return path;
    }
};

bool trusts(settings const &s, char const *address) {
    return s.service.trusted_proxies.contains(boost::asio::ip::make_address(address));
}

bool contains(std::string_view all, std::string_view part) { return all.find(part) != all.npos; }

// The one mistake of the settings holds all these parts.
void check_one_mistake(arguments const &args, std::vector<std::string> const &parts) {
    auto const wrong = fixture::mistakes(args);
    BOOST_TEST_CONTEXT((args.empty() ? "" : args.front()) << ": " << (wrong.empty() ? "no mistake" : wrong.front())) {
        BOOST_TEST(wrong.size() == 1U);
        for (auto const &part : parts)
            BOOST_TEST_CONTEXT(part) BOOST_TEST(contains(wrong.empty() ? "" : wrong.front(), part));
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(settings_reading, fixture)

BOOST_AUTO_TEST_CASE(without_anything_the_defaults_hold) {
    auto const s = settings_of({});
    BOOST_TEST(s.service.server.address == "127.0.0.1");
    BOOST_TEST(s.service.server.port == 5000);
    BOOST_TEST(s.service.threads == usable_cpus());
    BOOST_TEST(!s.service.server.context.debug);
    BOOST_TEST(s.upload_dir == ".");
    BOOST_TEST(s.static_dir == "");
    BOOST_TEST(s.service.log.folder == ".");
    BOOST_TEST((s.uploads.survives == durability::full));
    BOOST_TEST((s.service.log_level == severity::info));
    BOOST_TEST((s.service.log.format == log_format::text));
    BOOST_TEST(s.service.log.rotate.bytes == 10U << 20);
    BOOST_TEST(s.service.log.rotate.interval == 0U);
    BOOST_TEST(s.service.log.rotate.kept == 10U);
    BOOST_TEST(!s.demo_credentials);
    BOOST_TEST(s.service.password_file.empty());
    BOOST_TEST(!s.service.passwords.has_value());
    BOOST_TEST((s.service.access_log == access_records::all));
    BOOST_TEST(!s.service.has_operator);
    BOOST_TEST(s.service.trusted_proxies.empty());
    BOOST_TEST(s.service.server.context.forwarded.has(forwarded_part::client));
    BOOST_TEST(!s.service.server.context.forwarded.has(forwarded_part::scheme));
    BOOST_TEST(s.service.server.context.root_path.empty());
    BOOST_TEST(!s.service.server.proxy_protocol);
    BOOST_TEST(s.service.server.hsts.line().empty());
}

BOOST_AUTO_TEST_CASE(every_setting_has_a_flag) {
    auto const dir = folder.path().string();
    auto const s = settings_of({"--address=::1",
                                "--port",
                                "0",
                                "--threads=3",
                                "--upload-dir",
                                dir,
                                "--static-dir=" + dir,
                                "--log-dir=" + dir,
                                "--log-level=debug",
                                "--debug",
                                "--demo-credentials",
                                "--durability",
                                "none",
                                "--log-format",
                                "json",
                                "--log-rotate-size=1MiB",
                                "--log-rotate-interval=86400",
                                "--log-keep=3",
                                "--trusted-proxies=10.0.0.0/8, ::1",
                                "--forwarded=proto,prefix",
                                "--root-path=/api/",
                                "--proxy-protocol",
                                "--hsts=600; includeSubDomains",
                                "--access-log=errors",
                                "--ops-address=::1",
                                "--ops-port=0"});
    BOOST_TEST(s.service.server.address == "::1");
    BOOST_TEST(s.service.server.port == 0);
    BOOST_TEST(s.service.server.context.forwarded.has(forwarded_part::prefix));
    BOOST_TEST(!s.service.server.context.forwarded.has(forwarded_part::client));
    BOOST_TEST(s.service.server.context.root_path == "/api");
    BOOST_TEST(s.service.server.proxy_protocol);
    BOOST_TEST(s.service.server.hsts.line() == "Strict-Transport-Security: max-age=600; includeSubDomains\r\n");
    BOOST_TEST(s.service.threads == 3U);
    BOOST_TEST(s.upload_dir == dir);
    BOOST_TEST(s.static_dir == dir);
    BOOST_TEST(s.service.log.folder == dir);
    BOOST_TEST((s.uploads.survives == durability::none));
    BOOST_TEST((s.service.log_level == severity::debug));
    BOOST_TEST((s.service.log.format == log_format::json));
    BOOST_TEST(s.service.log.rotate.bytes == 1U << 20);
    BOOST_TEST(s.service.log.rotate.interval == 86400U);
    BOOST_TEST(s.service.log.rotate.kept == 3U);
    BOOST_TEST(s.service.server.context.debug);
    BOOST_TEST(s.demo_credentials);
    BOOST_TEST((s.service.access_log == access_records::errors));
    BOOST_TEST(s.service.has_operator);
    BOOST_TEST(s.service.ops_address == "::1");
    BOOST_TEST(trusts(s, "10.1.2.3"));
    BOOST_TEST(trusts(s, "::1"));
    BOOST_TEST(!trusts(s, "11.1.2.3"));
}

BOOST_AUTO_TEST_CASE(every_setting_has_a_variable) {
    auto const dir = folder.path().string();
    variable const all[] = {
        {"PHIAL_ADDRESS", "127.1.2.3"}, {"PHIAL_PORT", "65535"},         {"PHIAL_THREADS", "1024"},
        {"PHIAL_UPLOAD_DIR", dir},      {"PHIAL_LOG_DIR", dir},          {"PHIAL_LOG_LEVEL", "critical"},
        {"PHIAL_DEBUG", "on"},          {"PHIAL_DEMO_CREDENTIALS", "1"}, {"PHIAL_TRUSTED_PROXIES", "192.0.2.1"}};
    auto const s = settings_of({});
    BOOST_TEST(s.service.server.address == "127.1.2.3");
    BOOST_TEST(s.service.server.port == 65535);
    BOOST_TEST(s.service.threads == 1024U);
    BOOST_TEST(s.upload_dir == dir);
    BOOST_TEST(s.service.log.folder == dir);
    BOOST_TEST((s.service.log_level == severity::critical));
    BOOST_TEST(s.service.server.context.debug);
    BOOST_TEST(s.demo_credentials);
    BOOST_TEST(trusts(s, "192.0.2.1"));
}

BOOST_AUTO_TEST_CASE(every_setting_can_be_in_a_file) {
    auto const dir = folder.path().string();
    auto const path = file("# a comment\n\naddress = 0.0.0.0\nport=80\n threads = 2 \nupload-dir = " + dir +
                           "\nlog-dir =\nlog-level = warning\ndebug = no\ndemo-credentials = yes # everybody knows it\n"
                           "trusted-proxies = fd00::/8,10.0.0.0/8\n");
    auto const s = settings_of({"--config", path});
    BOOST_TEST(s.service.server.address == "0.0.0.0");
    BOOST_TEST(s.service.server.port == 80);
    BOOST_TEST(s.service.threads == 2U);
    BOOST_TEST(s.upload_dir == dir);
    BOOST_TEST(s.service.log.folder == "");
    BOOST_TEST((s.service.log_level == severity::warning));
    BOOST_TEST(!s.service.server.context.debug);
    BOOST_TEST(s.demo_credentials);
    BOOST_TEST(trusts(s, "fd12::1"));
    BOOST_TEST(trusts(s, "10.1.2.3"));
}

BOOST_AUTO_TEST_CASE(a_flag_goes_before_the_environment_and_that_before_the_file) {
    auto const config = "--config=" + file("port = 1\nthreads = 1\nlog-level = error\n");
    variable const port("PHIAL_PORT", "2");
    variable const threads("PHIAL_THREADS", "2");
    auto const s = settings_of({config, "--port=3"});
    BOOST_TEST(s.service.server.port == 3);
    BOOST_TEST(s.service.threads == 2U);
    BOOST_TEST((s.service.log_level == severity::error));
}

BOOST_AUTO_TEST_CASE(the_environment_may_name_the_file_and_the_flag_goes_before_it) {
    variable const config("PHIAL_CONFIG", file("port = 7\n"));
    BOOST_TEST(settings_of({}).service.server.port == 7);
    auto const other = (folder.path() / "other.conf").string();
    std::ofstream(other) << "threads = 5\n";
    auto const s = settings_of({"--config=" + other});
    BOOST_TEST(s.service.server.port == 5000);
    BOOST_TEST(s.service.threads == 5U);
}

BOOST_AUTO_TEST_CASE(a_flag_can_say_no_to_what_the_environment_says_yes_to) {
    variable const debug("PHIAL_DEBUG", "yes");
    BOOST_TEST(settings_of({}).service.server.context.debug);
    for (std::string const no : {"no", "NO", "false", "off", "0"})
        BOOST_TEST_CONTEXT(no) BOOST_TEST(!settings_of({"--debug=" + no}).service.server.context.debug);
    for (std::string const yes : {"yes", "Yes", "true", "on", "1"})
        BOOST_TEST_CONTEXT(yes) BOOST_TEST(settings_of({"--debug=" + yes}).service.server.context.debug);
}

BOOST_AUTO_TEST_CASE(variables_of_no_setting_are_ignored) {
    variable const all[] = {{"PHIAL_SERVICE_HOST", "10.0.0.1"},
                            {"PHIAL_SERVICE_PORT", "5000"},
                            {"PHIAL_PORT_5000_TCP", "tcp://10.0.0.1:5000"},
                            {"PHIAL_PORT_5000_TCP_ADDR", "10.0.0.1"},
                            {"PHIAL_", "x"},
                            {"PHIAL_HELP", "1"},
                            {"PHIAL_VERSION", "2.0"},
                            {"PHIAL_POR", "1"},
                            {"PORT", "1"},
                            {"XPHIAL_PORT", "1"}};
    auto const s = settings_of({});
    BOOST_TEST(s.service.server.port == 5000);
}

BOOST_AUTO_TEST_CASE(what_kubernetes_puts_into_phial_port_is_explained) {
    variable const port("PHIAL_PORT", "tcp://10.0.0.1:5000");
    check_one_mistake({}, {"--port", "'tcp://10.0.0.1:5000'", "enableServiceLinks"});
    BOOST_TEST(settings_of({"--port=1"}).service.server.port == 1); // and can be overruled
}

BOOST_AUTO_TEST_CASE(words_are_taken_exactly) {
    for (auto const level : {severity::debug, severity::info, severity::warning, severity::error, severity::critical})
        BOOST_TEST((settings_of({"--log-level", std::string(to_string(level))}).service.log_level == level));
    BOOST_TEST((settings_of({"--access-log=off"}).service.access_log == access_records::off));
    BOOST_TEST((settings_of({"--access-log=all"}).service.access_log == access_records::all));
    for (std::string const name : {"", "INFO", "Info", "warn", "info ", "infos", "fatal", "1"})
        BOOST_CHECK_EXCEPTION(
            (void)settings_of({"--log-level", name}), settings_error, [&name](settings_error const &e) {
                return e.what() == "--log-level: '" + name + "' is none of debug, info, warning, error and critical";
            });
}

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

BOOST_AUTO_TEST_CASE(an_empty_log_folder_means_no_file_but_uploads_need_a_folder) {
    BOOST_TEST(settings_of({"--log-dir="}).service.log.folder == "");
    BOOST_TEST(settings_of({"--log-dir", ""}).service.log.folder == "");
    check_one_mistake({"--upload-dir="}, {"--upload-dir"});
}

BOOST_AUTO_TEST_CASE(an_empty_list_of_trusted_proxies_trusts_none) {
    variable const proxies("PHIAL_TRUSTED_PROXIES", "10.0.0.0/8");
    BOOST_TEST(!settings_of({}).service.trusted_proxies.empty());
    BOOST_TEST(settings_of({"--trusted-proxies="}).service.trusted_proxies.empty());
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

BOOST_AUTO_TEST_CASE(a_value_of_a_file_may_hold_a_hash) {
    auto const odd = folder.path() / "a#b";
    std::filesystem::create_directory(odd);
    BOOST_TEST(settings_of({"--config", file("upload-dir = " + odd.string() + " # odd\n")}).upload_dir == odd.string());
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

BOOST_AUTO_TEST_CASE(a_file_of_passwords_is_read_and_opens_every_address) {
    auto const users = file("alice:$2y$04$SWNrF/d9R1u/qXjT6OzBG.vLxEhkQa8UpyC7CLcsA7BzbwSAbdU5S\n");
    for (std::string const address : {"127.0.0.1", "0.0.0.0", "::"}) {
        auto const s = settings_of({"--password-file=" + users, "--address=" + address});
        BOOST_TEST(s.service.password_file == users);
        BOOST_TEST_REQUIRE(s.service.passwords.has_value());
        BOOST_TEST(s.service.passwords->table->find("alice"));
    }
    variable const from_environment("PHIAL_PASSWORD_FILE", users);
    BOOST_TEST(settings_of({}).service.passwords.has_value());
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

BOOST_AUTO_TEST_CASE(help_and_version_are_shown_whatever_the_rest_would_say) {
    variable const port("PHIAL_PORT", "nonsense");
    BOOST_TEST(text_of({"--help"}).starts_with("phial: "));
    BOOST_TEST(text_of({"--version"}).starts_with("phial 0."));
    BOOST_TEST(contains(text_of({"--help", "--threads=0", "--config=/missing"}), "Usage"));
    BOOST_TEST(!mistakes({"--help", "--unknown"}).empty());
}

BOOST_AUTO_TEST_CASE(the_help_names_every_setting_and_its_default) {
    auto const help = text_of({"--help"});
    for (auto const *part : {"--address ADDRESS",
                             "(127.0.0.1)",
                             "--port N",
                             "(5000)",
                             "--threads N",
                             "--upload-dir FOLDER",
                             "--static-dir FOLDER",
                             "--durability full|none",
                             "--log-dir FOLDER",
                             "--log-level debug|info|warning|error|critical",
                             "(info)",
                             "--debug",
                             "--demo-credentials",
                             "--password-file FILE",
                             "--log-format text|json",
                             "--access-log off|errors|all",
                             "--ops-address ADDRESS",
                             "--ops-port N",
                             "--trusted-proxies NETWORKS",
                             "--config FILE",
                             "--help",
                             "--version",
                             "PHIAL_LOG_LEVEL",
                             "SIGTERM",
                             "Exit 2"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(contains(help, part));
    BOOST_TEST(help.ends_with('\n'));
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

BOOST_AUTO_TEST_CASE(one_client_may_send_at_any_rate_unless_one_is_given) {
    BOOST_TEST(settings_of({}).service.requests_per_client == 0U);
    BOOST_TEST(settings_of({"--max-rate=7"}).service.requests_per_client == 7U);
    BOOST_CHECK_THROW((void)settings_of({"--max-rate=0"}), settings_error);
}

BOOST_AUTO_TEST_SUITE_END()
