#include "app/settings.hpp"

#include "app/version.hpp"
#include "phial/files/beneath.hpp"
#include "phial/files/temporary_file.hpp"
#include "phial/ops/build_info.hpp"
#include "phial/settings/settings_table.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <system_error>

namespace phial {
namespace {

// A disk that is full at the start may not stay full: some small uploads are always accepted. In bytes.
constexpr std::uint64_t least_upload_space = 64 * kib;

void add_uploads(settings_table &table, settings &s) {
    table.group("Uploads");
    table.add(folder("upload-dir", s.upload_dir, "where uploads are written"));
    table.add(word("durability", s.uploads.survives, {{"full", durability::full}, {"none", durability::none}},
                   "what a finished upload survives: a power cut, or only the end of the process"));
    table.add(bytes("upload-memory", s.uploads.memory, 0, 1024 * gib,
                    "memory for uploads on their way to the disk; when it is used up, each waits for the disk")
                  .with_default("64MiB, or a sixteenth of what the cgroup allows"));
    table.add(count("max-uploads", s.uploads.most, 1, 1'000'000,
                    "uploads at the same time, each until the disk has finished with it; above: 503")
                  .with_default("a quarter of --max-requests"));
    table.add(bytes("upload-space", s.uploads.space, 1, 1024 * 1024 * gib,
                    "bytes of all uploads under way, announced or received so far; above: 507")
                  .with_default("three quarters of what is free in the upload folder at start"));
}

void add_files(settings_table &table, settings &s) {
    table.group("Files");
    table.add(folder("static-dir", s.static_dir, "the folder whose files are served at /static/; empty: no such route")
                  .with_default("none"));
}

void add_demo_user(settings_table &table, settings &s) {
    table.group("Passwords");
    table.add(
        yes_no("demo-credentials", s.demo_credentials,
               "without --password-file, accept the tutorial's admin/secret, which everybody knows, on an address "
               "that is not loopback"));
}

// Three quarters of what is free: the rest is left for others who share the disk.
std::uint64_t upload_space(std::string const &folder) {
    try {
        auto const free = free_space(folder);
        return free ? std::max(*free / 4 * 3, least_upload_space) : file_options().space;
    } catch (std::system_error const &) { // what is wrong with the folder is reported elsewhere
        return file_options().space;
    }
}

void complete_uploads(settings_table &table, settings &s) {
    if (auto const fault = check_folder(s.upload_dir)) table.complain("upload-dir", *fault);
    if (!table.is_given("max-uploads")) s.uploads.most = std::max<std::uint64_t>(s.service.server.requests / 4, 1);
    if (!table.is_given("upload-space")) s.uploads.space = upload_space(s.upload_dir);
}

// The folder only has to be readable.
void check_files(settings_table &table, settings const &s) {
    if (s.static_dir.empty()) return;
    try {
        (void)open_folder(s.static_dir);
    } catch (std::system_error const &e) {
        table.complain("static-dir",
                       concat(in_quotes(s.static_dir), " is not a folder that can be read: ", e.code().message()));
    }
}

void check_users(settings_table &table, settings const &s) {
    bool const has_file = table.is_given("password-file");
    auto const &address = s.service.server.address;
    if (has_file && s.demo_credentials)
        table.complain("demo-credentials", "with --password-file admin/secret is not a user; leave out one of the two");
    if (has_file || s.demo_credentials || is_loopback(address) || table.is_wrong("address")) return;
    table.complain("address", concat("others can reach ", address,
                                     ", and the only user is the tutorial's admin/secret. Give --password-file with "
                                     "your users, or --demo-credentials if that is what you want"));
}

std::string help_text(settings_table const &table) {
    return concat(
        "phial: the REST API of the tutorial \"Python & Flask\", as one binary.\n\n"
        "Usage: phial [settings]\n\n",
        table.help(),
        "\nDefaults are in parentheses. A setting may also come from the environment (PHIAL_LOG_LEVEL for\n"
        "--log-level) or from the file that --config names; a flag has precedence over the environment, the\n"
        "environment over the file.\n"
        "SIGTERM and SIGINT stop the service; it finishes the requests under way and exits with 0. SIGHUP reopens\n"
        "app.log.\n"
        "Exit 2: wrong settings.\n");
}

} // namespace

std::optional<std::string> read_settings(settings &s, std::vector<std::string> const &arguments) {
    s.service.name = "phial";
    s.service.version = version();
    s.service.server.context.sources = {.folder = PHIAL_SOURCES, .built_as = PHIAL_SOURCES_BUILT_AS};
    s.service.without_file = fixed_login{"admin", "secret"};
    s.service.without_file_text = "the tutorial's admin/secret";
    s.uploads.prefix = ".phial-upload-";
    s.uploads.memory = std::min<std::uint64_t>(s.uploads.memory, s.service.host.memory / 16);
    settings_table table("PHIAL_");
    for (auto const *heading : {"Listening", "Clients", "Requests", "Bodies", "Uploads", "Files", "Times", "Passwords"})
        table.group(heading); // the order of --help
    add_rows(table, s.service);
    add_uploads(table, s);
    add_files(table, s);
    add_demo_user(table, s);
    switch (table.read(arguments)) {
    case settings_table::question::help: return help_text(table);
    case settings_table::question::version: return build_info(s.service.name, s.service.version) + '\n';
    case settings_table::question::none: break;
    }
    complete(table, s.service);
    complete_uploads(table, s);
    check_files(table, s);
    check_users(table, s);
    table.require_no_faults();
    return std::nullopt;
}

} // namespace phial
