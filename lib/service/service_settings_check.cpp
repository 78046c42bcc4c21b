// Settings that do not fit together, or not the machine.
#include "phial/service/service_settings.hpp"

#include "phial/http/root_path.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace phial {
namespace {

namespace ip = boost::asio::ip;

// A body that is rejected for its size is larger than --upload-limit, and its client must be able to read that, too.
constexpr std::uint64_t least_linger = 64 * mib;

} // namespace

bool is_loopback(std::string const &address) noexcept {
    boost::system::error_code ec;
    auto const parsed = ip::make_address(address, ec);
    return !ec && parsed.is_loopback();
}

namespace {

// Whether two listeners on these addresses cannot have the same port. :: listens on IPv4 as well.
bool overlap(std::string const &a, std::string const &b) {
    auto const unmapped_address = [](std::string const &text) {
        auto const address = ip::make_address(text);
        bool const is_mapped = address.is_v6() && address.to_v6().is_v4_mapped(); // ::ffff:127.0.0.1
        return is_mapped ? ip::address(ip::make_address_v4(ip::v4_mapped, address.to_v6())) : address;
    };
    auto const covers = [](ip::address const &all, ip::address const &one) {
        return all == one || (all.is_unspecified() && (all.is_v6() || one.is_v4()));
    };
    auto const first = unmapped_address(a);
    auto const second = unmapped_address(b);
    return covers(first, second) || covers(second, first);
}

void check_listeners(settings_table &table, service_settings &s) {
    if (s.server.context.debug && !is_loopback(s.server.address))
        table.complain("debug", concat("debug mode shows internal details to every client; it is refused on ",
                                       s.server.address, ", which others can reach"));
    s.has_operator = table.is_given("ops-port");
    if (!s.has_operator) {
        if (table.is_given("ops-address"))
            table.complain("ops-address", "there is no operator's listener without --ops-port");
        return;
    }
    if (table.is_wrong("address") || table.is_wrong("ops-address")) return; // the addresses are not known
    if (s.ops_port == 0 || s.ops_port != s.server.port || !overlap(s.server.address, s.ops_address)) return;
    table.complain("ops-port", concat(s.ops_port, " is --port too, on ", s.server.address,
                                      s.server.address == s.ops_address ? "" : " and ",
                                      s.server.address == s.ops_address ? "" : s.ops_address,
                                      ". Give each listener a different port"));
}

void check_proxies(settings_table &table, service_settings &s) {
    auto &root = s.server.context.root_path;
    if (auto const path = read_root_path(root))
        root = std::string(*path);
    else if (!root.empty())
        table.complain("root-path",
                       concat(in_quotes(root), " is not a path such as /api, percent-encoded and without . and .."));
    if (!s.trusted_proxies.empty() || table.is_wrong("trusted-proxies")) return;
    if (s.server.proxy_protocol)
        table.complain("proxy-protocol", "it is for connections of --trusted-proxies, and there are none: name them");
    if (table.is_given("forwarded") && !table.is_wrong("forwarded"))
        table.complain("forwarded", "it is about --trusted-proxies, and there are none: name them");
}

void read_password_file(settings_table &table, service_settings &s) {
    if (!table.is_given("password-file")) return;
    if (s.password_file.empty()) return table.complain("password-file", "'' is not a file");
    try {
        s.passwords = read_htpasswd(s.password_file);
    } catch (htpasswd_error const &e) {
        for (auto const &fault : e.mistakes()) table.complain("password-file", fault);
        if (e.more() != 0) table.complain("password-file", concat(e.more(), " more errors are not shown"));
    }
}

void check_limits(settings_table &table, service_settings const &s) {
    auto const needed = s.server.connections + own_files;
    if (needed > s.host.open_files)
        table.complain("max-connections",
                       concat(s.server.connections, " connections need ", needed, " open files, and this process may ",
                              "have ", s.host.open_files, ": raise that limit (ulimit -n), or give a lower number"));
    auto const &limits = s.server.context.limits;
    if (limits.request_line > limits.head)
        table.complain("max-request-line",
                       concat("the request line counts as part of the header section, whose limit is ", limits.head,
                              " (--max-head)"));
}

} // namespace

void complete(settings_table &table, service_settings &s) {
    if (!table.is_given("max-linger")) s.server.linger_bytes = std::max(s.server.context.limits.body, least_linger);
    if (!table.is_given("max-connections-per-client"))
        s.connections_per_client = std::max<std::size_t>(s.server.connections / 2, 1);
    s.server.turned_away = turned_away_connections(s.host, s.server.connections);
    read_password_file(table, s);
    check_listeners(table, s);
    check_proxies(table, s);
    if (!s.log.folder.empty())
        if (auto const fault = check_folder(s.log.folder)) table.complain("log-dir", *fault);
    check_limits(table, s);
}

} // namespace phial
