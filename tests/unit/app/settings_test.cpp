// Settings from flags, environment and file.
#include "unit/app/settings_of.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

namespace {

// What is printed instead of serving; empty: it serves.
std::string text_of(arguments const &args) {
    settings s;
    return read_settings(s, args).value_or("");
}

bool trusts(settings const &s, char const *address) {
    return s.service.trusted_proxies.contains(boost::asio::ip::make_address(address));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(settings_reading, settings_fixture)

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

BOOST_AUTO_TEST_CASE(a_value_of_a_file_may_hold_a_hash) {
    auto const odd = folder.path() / "a#b";
    std::filesystem::create_directory(odd);
    BOOST_TEST(settings_of({"--config", file("upload-dir = " + odd.string() + " # odd\n")}).upload_dir == odd.string());
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

BOOST_AUTO_TEST_CASE(one_client_may_send_at_any_rate_unless_one_is_given) {
    BOOST_TEST(settings_of({}).service.requests_per_client == 0U);
    BOOST_TEST(settings_of({"--max-rate=7"}).service.requests_per_client == 7U);
    BOOST_CHECK_THROW((void)settings_of({"--max-rate=0"}), settings_error);
}

BOOST_AUTO_TEST_SUITE_END()
