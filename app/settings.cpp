// Reads settings with Boost.Program_options and checks them by itself, so that all mistakes can be told at once.
#include "app/settings.hpp"

#include "app/config_file.hpp"
#include "app/numbers.hpp"
#include "phial/files/temporary_file.hpp"
#include "phial/text/ascii.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/environment_iterator.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/variables_map.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace phial {
namespace {

namespace po = boost::program_options;

using mistakes = std::vector<std::string>;

std::string in_quotes(std::string_view s) { return "'" + std::string(s) + "'"; }

po::typed_value<std::string> *text(char const *argument) { return po::value<std::string>()->value_name(argument); }

// A flag without a value means yes; --debug=no, debug = no and PHIAL_DEBUG=no are possible too.
po::typed_value<std::string> *yes_no() {
    return po::value<std::string>()->implicit_value("yes", "")->value_name("yes|no");
}

po::options_description all_options() {
    po::options_description all("Settings");
    auto add = all.add_options();
    add("address", text("ADDRESS"), "IPv4 or IPv6 address to listen on; :: serves IPv4 as well (127.0.0.1)");
    add("upload-dir", text("FOLDER"), "where uploads are written (.)");
    add("durability", text("full|none"),
        "what an upload survives once it is answered: a power cut, or only the end of the process (full)");
    add("log-dir", text("FOLDER"), "where app.log is written; empty: no file (.)");
    add("log-format", text("text|json"), "how records are written, to app.log and stdout (text)");
    add("log-level", text("LEVEL"), "debug, info, warning, error or critical (info)");
    add("access-log", text("off|errors|all"), "which requests get a record of their own (all)");
    add("ops-address", text("ADDRESS"), "IPv4 or IPv6 address of --ops-port (127.0.0.1)");
    add("debug", yes_no(), "show errors in detail to every client; on a loopback address only (no)");
    add("password-file", text("FILE"),
        "who may log in: lines of 'name:hash', made by htpasswd -B; read again when it changes (the tutorial's "
        "admin/secret)");
    add("demo-credentials", yes_no(),
        "accept the tutorial's admin/secret, which everybody knows, on an address that is not loopback (no)");
    add("trusted-proxies", text("NETWORKS"),
        "networks (CIDRs, comma-separated) of proxies whose Forwarded or X-Forwarded-For says who the client is "
        "(none)");
    for (auto const &n : numbers()) {
        auto const described = std::string(n.help) + " (" + n.default_text() + ")";
        add(n.name, text(n.argument()), described.c_str());
    }
    add("config", text("FILE"), "read settings from FILE, lines of 'name = value'; '#' begins a comment");
    add("help", "print this and end");
    add("version", "print the version and end");
    return all;
}

// Program_options knows an empty value only as an argument of its own: --log-dir= becomes --log-dir and "".
void split_empty_values(po::options_description const &all, std::vector<std::string> &arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto &a = arguments[i];
        if (!a.starts_with("--") || a.find('=') != a.size() - 1) continue;
        auto const name = a.substr(2, a.size() - 3);
        auto const *option = name.empty() ? nullptr : all.find_nothrow(name, false);
        if (option == nullptr || option->semantic()->min_tokens() == 0) continue;
        a.pop_back();
        arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, "");
    }
}

// Keeps the first of several flags of a name.
void refuse_doubled(std::vector<po::option> &options, mistakes &wrong) {
    std::set<std::string> seen;
    std::erase_if(options, [&](po::option const &o) {
        bool const doubled = !o.unregistered && !o.string_key.empty() && !seen.insert(o.string_key).second;
        if (doubled) wrong.push_back("--" + o.string_key + " is given more than once");
        return doubled;
    });
}

// Program_options stops at the first mistake; the offending argument is taken out and the rest is read again.
void read_flags(po::options_description const &all, std::vector<std::string> arguments, po::variables_map &values,
                mistakes &wrong) {
    using namespace po::command_line_style;
    split_empty_values(all, arguments);
    for (;;) {
        try {
            auto parsed = po::command_line_parser(arguments)
                              .options(all)
                              .style(unix_style & ~allow_guessing)
                              .allow_unregistered()
                              .run();
            for (auto const &unknown : po::collect_unrecognized(parsed.options, po::include_positional))
                wrong.push_back(unknown.starts_with('-')
                                    ? "there is no flag " + in_quotes(unknown) + "; see --help"
                                    : "what is " + in_quotes(unknown) + "? Settings begin with --");
            refuse_doubled(parsed.options, wrong);
            po::store(parsed, values);
            return;
        } catch (po::error_with_option_name const &e) {
            wrong.push_back(e.what());
            auto const name = "--" + e.get_option_name().substr(std::min<std::size_t>(
                                         e.get_option_name().find_first_not_of('-'), e.get_option_name().size()));
            auto const is_it = [&name](std::string const &a) { return a == name || a.starts_with(name + '='); };
            if (std::erase_if(arguments, is_it) == 0) return;
        } catch (po::error const &e) {
            wrong.push_back(e.what());
            return;
        }
    }
}

void read_environment(po::options_description const &all, po::variables_map &values, mistakes &wrong) {
    auto const setting_of = [&all](std::string const &variable) -> std::string {
        constexpr std::string_view prefix = "PHIAL_";
        if (!variable.starts_with(prefix)) return {};
        auto name = variable.substr(prefix.size());
        std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c == '_' ? '-' : to_lower(c); });
        bool const known =
            !name.empty() && all.find_nothrow(name, false) != nullptr && name != "help" && name != "version";
        return known ? name : std::string();
    };
    try {
        po::store(po::parse_environment(all, setting_of), values);
    } catch (po::error const &e) {
        wrong.push_back(std::string(e.what()) + " (in the environment)");
    }
}

void read_file(po::options_description const &all, std::string const &path, po::variables_map &values,
               mistakes &wrong) {
    auto file = read_config(path, [&all](std::string const &name) { return all.find_nothrow(name, false) != nullptr; });
    po::parsed_options parsed(&all);
    for (auto &entry : file.entries)
        parsed.options.emplace_back(std::move(entry.name), std::vector{std::move(entry.value)});
    po::store(parsed, values);
    std::move(file.mistakes.begin(), file.mistakes.end(), std::back_inserter(wrong));
}

// A value and the checks it goes through.
class checker {
  public:
    checker(po::variables_map const &values, mistakes &wrong) : values_(values), wrong_(wrong) {}

    std::optional<std::string> get(std::string const &name) const {
        auto const found = values_.find(name);
        return found == values_.end() ? std::nullopt : std::optional(found->second.as<std::string>());
    }

    void complain(std::string const &name, std::string const &what) { wrong_.push_back("--" + name + ": " + what); }

    void number(numeric_setting const &n, settings &into) {
        auto const given = get(n.name);
        if (!given) return;
        if (given->find("://") != given->npos) return complain(n.name, injected(n.name, *given));
        if (auto const mistake = n.read(*given, into)) complain(n.name, *mistake);
    }

    void yes_no(std::string const &name, bool &out) {
        auto const given = get(name);
        if (!given) return;
        auto const is_one_of = [&given](std::initializer_list<std::string_view> words) {
            return std::any_of(words.begin(), words.end(), [&given](auto w) { return iequals(w, *given); });
        };
        if (is_one_of({"yes", "true", "on", "1"}))
            out = true;
        else if (is_one_of({"no", "false", "off", "0"}))
            out = false;
        else
            complain(name, in_quotes(*given) + " is neither yes nor no");
    }

    /// One of several words.
    template <class T>
    void choice(std::string const &name, std::initializer_list<std::pair<std::string_view, T>> words, T &out) {
        auto const given = get(name);
        if (!given) return;
        std::string all;
        for (auto const &[word, value] : words) {
            if (*given == word) {
                out = value;
                return;
            }
            if (!all.empty())
                all += word == std::prev(words.end())->first ? (words.size() == 2 ? " nor " : " and ") : ", ";
            all += word;
        }
        complain(name, in_quotes(*given) + (words.size() == 2 ? " is neither " : " is none of ") + all);
    }

    void folder(std::string const &name, std::string &out, bool may_be_empty) {
        if (auto given = get(name)) out = std::move(*given);
        if (out.empty() && may_be_empty) return;
        std::error_code ec;
        if (!std::filesystem::is_directory(out, ec))
            complain(name, in_quotes(out) + " is no folder; create it first");
        else if (access(out.c_str(), W_OK | X_OK) != 0)
            complain(name, "the folder " + in_quotes(out) + " cannot be written to by this user");
    }

  private:
    static std::string injected(std::string const &name, std::string const &value) {
        return in_quotes(value) +
               " is an address, not a number. Kubernetes sets such a variable for a Service of the name " +
               "'phial': set enableServiceLinks: false in the pod, or give --" + name;
    }

    po::variables_map const &values_;
    mistakes &wrong_;
};

enum class address_kind { none, loopback, other };

address_kind kind_of(std::string const &address) noexcept {
    in_addr v4{};
    in6_addr v6{};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127 ? address_kind::loopback : address_kind::other;
    if (inet_pton(AF_INET6, address.c_str(), &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6) ? address_kind::loopback : address_kind::other;
    return address_kind::none;
}

void check_passwords(checker &check, settings &s) {
    auto given = check.get("password-file");
    if (!given) return;
    s.password_file = std::move(*given);
    if (s.password_file.empty()) return check.complain("password-file", "'' is no file");
    if (s.demo_credentials)
        check.complain("demo-credentials", "with --password-file admin/secret is no user; leave out one of the two");
    try {
        s.passwords = read_htpasswd(s.password_file);
    } catch (htpasswd_error const &e) {
        for (auto const &mistake : e.mistakes()) check.complain("password-file", mistake);
        if (e.more() != 0) check.complain("password-file", std::to_string(e.more()) + " mistakes more are not told");
    }
}

void check_address(checker &check, settings &s) {
    if (auto given = check.get("address")) s.server.address = std::move(*given);
    auto const kind = kind_of(s.server.address);
    if (kind == address_kind::none)
        return check.complain("address",
                              in_quotes(s.server.address) + " is no IPv4 or IPv6 address (names are not looked up)");
    if (kind == address_kind::loopback) return;
    if (!s.demo_credentials && !check.get("password-file"))
        check.complain("address", "others can reach " + s.server.address +
                                      ", and the only user is the tutorial's admin/secret. Give --password-file with "
                                      "users of your own, or --demo-credentials if that is what you want");
    if (s.server.traits.debug)
        check.complain("debug", "debug mode shows its insides to whoever asks; it is refused on " + s.server.address +
                                    ", which others can reach");
}

void check_ops(checker &check, settings &s) {
    s.ops = check.get("ops-port").has_value();
    auto given = check.get("ops-address");
    if (!given) return;
    if (kind_of(*given) == address_kind::none)
        check.complain("ops-address", in_quotes(*given) + " is no IPv4 or IPv6 address (names are not looked up)");
    if (!s.ops) check.complain("ops-address", "there is no such listener without --ops-port");
    s.ops_address = std::move(*given);
}

// Whether who listens on one of them keeps others off the same port of the other one. :: listens on IPv4 as well.
bool overlap(std::string const &a, std::string const &b) {
    namespace ip = boost::asio::ip;
    auto const of = [](std::string const &text) {
        auto const address = ip::make_address(text);
        bool const is_mapped = address.is_v6() && address.to_v6().is_v4_mapped(); // ::ffff:127.0.0.1
        return is_mapped ? ip::address(ip::make_address_v4(ip::v4_mapped, address.to_v6())) : address;
    };
    auto const covers = [](ip::address const &all, ip::address const &one) {
        return all == one || (all.is_unspecified() && (all.is_v6() || one.is_v4()));
    };
    auto const first = of(a);
    auto const second = of(b);
    return covers(first, second) || covers(second, first);
}

void check_ports(checker &check, settings const &s) {
    auto const is_address = [](std::string const &a) { return kind_of(a) != address_kind::none; };
    if (!s.ops || s.ops_port == 0 || s.ops_port != s.server.port) return;
    if (!is_address(s.server.address) || !is_address(s.ops_address) || !overlap(s.server.address, s.ops_address))
        return;
    check.complain("ops-port", std::to_string(s.ops_port) + " is --port too, on " + s.server.address +
                                   (s.server.address == s.ops_address ? "" : " and " + s.ops_address) +
                                   ". Give each listener a port");
}

// Files and sockets that are no client's connection: listeners, logs, the pool's.
constexpr std::uint64_t own_files = 64;

// A quarter is left for the files that requests open.
std::uint64_t connections_within_files(std::uint64_t open_files) {
    return std::max<std::uint64_t>(open_files - open_files / 4, own_files + 1) - own_files;
}

// What they leave is for the files that requests open, and for those who are told that there is no room: half of it
// each. Where nothing is left, those few come out of our own.
std::uint64_t turned_away_within_files(std::uint64_t open_files, std::uint64_t connections) {
    constexpr std::uint64_t most = 256;
    auto const taken = std::min(open_files, connections + own_files);
    return std::clamp<std::uint64_t>((open_files - taken) / 2, 4, most);
}

// A body that is refused for its size is larger than --upload-limit says, and its client wants to know that too.
constexpr std::uint64_t least_linger = 64 << 20;

// What a connection may hold at most beside what has bounds of its own: a client that sends a large head or the first
// of a body and stops there costs 85 KiB (a work space, coroutines), a head that is dripped in 44 KiB, an idle one 2
// KiB.
constexpr std::uint64_t connection_memory = 96 * 1024;

// A quarter of it, as the bodies may hold one too.
std::uint64_t connections_within_memory(std::uint64_t memory) {
    return std::max<std::uint64_t>(memory / 4 / connection_memory, 1);
}

// A disk that is full at the start does not stay so: some small uploads are always taken.
constexpr std::uint64_t least_upload_space = 64 * 1024;

// Three quarters of what is free, so that those who share the disk are left something.
std::uint64_t upload_space(std::string const &folder) {
    try {
        auto const free = free_space(folder);
        return free ? std::max(*free / 4 * 3, least_upload_space) : file_options().space;
    } catch (std::system_error const &) { // what is wrong with the folder is told elsewhere
        return file_options().space;
    }
}

void check_together(checker &check, settings const &s, machine const &on) {
    if (s.server.connections + own_files > on.open_files)
        check.complain("max-connections", std::to_string(s.server.connections) + " connections need " +
                                              std::to_string(s.server.connections + own_files) +
                                              " open files, and this process may have " +
                                              std::to_string(on.open_files) + ": raise that (ulimit -n)");
    auto const &limits = s.server.traits.limits;
    if (limits.request_line > limits.head)
        check.complain("max-request-line", "the request line is a part of the head, whose bound is " +
                                               std::to_string(limits.head) + " (--max-head)");
}

} // namespace

settings_error::settings_error(std::vector<std::string> mistakes)
    : std::runtime_error(mistakes.empty() ? "" : mistakes.front()),
      mistakes_(std::move(mistakes)) {}

settings read_settings(std::vector<std::string> const &arguments, machine const &on) {
    auto const all = all_options();
    po::variables_map values;
    mistakes wrong;
    settings s;
    read_flags(all, arguments, values, wrong);
    s.show_help = values.count("help") != 0;
    s.show_version = values.count("version") != 0;
    if (wrong.empty() && (s.show_help || s.show_version)) return s;
    read_environment(all, values, wrong);
    checker check(values, wrong);
    if (auto const path = check.get("config")) read_file(all, *path, values, wrong);

    s.threads = on.cpus;
    s.body_memory = on.memory / 4;
    s.uploads.memory = std::min<std::uint64_t>(s.uploads.memory, on.memory / 16);
    s.server.connections = std::min<std::uint64_t>(
        {s.server.connections, connections_within_files(on.open_files), connections_within_memory(on.memory)});
    for (auto const &n : numbers()) check.number(n, s);
    if (!check.get("max-linger")) s.server.linger_bytes = std::max(s.server.traits.limits.body, least_linger);
    s.server.turned_away = turned_away_within_files(on.open_files, s.server.connections);
    if (!check.get("max-connections-per-client"))
        s.connections_per_client = std::max<std::size_t>(s.server.connections / 2, 1);
    if (!check.get("max-uploads")) s.uploads.most = std::max<std::uint64_t>(s.server.requests / 4, 1);
    check.yes_no("debug", s.server.traits.debug);
    check.yes_no("demo-credentials", s.demo_credentials);
    check_passwords(check, s);
    check_address(check, s);
    check.folder("upload-dir", s.upload_dir, false);
    if (!check.get("upload-space")) s.uploads.space = upload_space(s.upload_dir);
    check.folder("log-dir", s.log.folder, true);
    check.choice("durability", {{"full", durability::full}, {"none", durability::none}}, s.uploads.survives);
    check.choice("log-format", {{"text", log_format::text}, {"json", log_format::json}}, s.log.format);
    auto const level = [](severity l) { return std::pair(to_string(l), l); };
    check.choice("log-level",
                 {level(severity::debug), level(severity::info), level(severity::warning), level(severity::error),
                  level(severity::critical)},
                 s.log_level);
    check.choice("access-log",
                 {{"off", access_records::off}, {"errors", access_records::errors}, {"all", access_records::all}},
                 s.access_log);
    check_ops(check, s);
    check_ports(check, s);
    if (auto const given = check.get("trusted-proxies")) {
        try {
            s.trusted_proxies = networks(*given);
        } catch (std::invalid_argument const &e) {
            check.complain("trusted-proxies", e.what());
        }
    }
    check_together(check, s, on);
    if (!wrong.empty()) throw settings_error(std::move(wrong));
    return s;
}

std::string help_text() {
    std::ostringstream out;
    out << "phial: the REST API of the tutorial \"Python & Flask\", as one binary.\n\n"
           "Usage: phial [settings]\n\n"
        << all_options()
        << "\nDefaults stand in brackets. A setting may also come from the environment (PHIAL_LOG_LEVEL for "
           "--log-level) or\n"
           "from the file that --config names; a flag goes before the environment, the environment before the file.\n"
           "SIGTERM and SIGINT stop the service; it answers what is under way and exits with 0. SIGHUP opens app.log "
           "anew.\n"
           "Exit 2: wrong settings.\n";
    return out.str();
}

} // namespace phial
