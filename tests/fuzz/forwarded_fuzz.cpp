// What proxies say about a request: the client, its URL, and the trace.
#include "fuzz.hpp"

#include "phial/http/forwarded.hpp"
#include "phial/http/request.hpp"
#include "phial/http/root_path.hpp"
#include "phial/http/trace_context.hpp"
#include "phial/testing/fake_request.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace phial;
using namespace phial::fuzzing;
namespace ip = boost::asio::ip;

namespace {

// A trace that was read reads back from the plainest form, and its digits can stand anywhere.
void check_trace(std::string_view value) {
    auto const trace = parse_traceparent(value);
    if (!trace) return;
    require(is_sane_request_id(trace->text()));
    std::string again = "00-";
    again.append(trace->text()).append(value.substr(35, 20));
    require(parse_traceparent(again) == trace && !parse_traceparent(again + "-"));
    again[1] = '1';
    require(parse_traceparent(again + "-" + std::string(value)) == trace);
}

std::optional<networks> read_networks(std::string_view list) {
    try {
        return networks(list);
    } catch (std::invalid_argument const &e) {
        require(std::string_view(e.what()).starts_with('\''));
        return std::nullopt;
    }
}

ip::address plain(ip::address const &a) {
    return a.is_v6() && a.to_v6().is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, a.to_v6()) : a;
}

// What stands left of a client that is not trusted changes nothing.
void check_left(std::vector<field> fields, ip::address const &peer, ip::address const &client, networks const &trusted,
                std::string_view junk) {
    for (auto const *name : {"Forwarded", "X-Forwarded-For"})
        if (fields_view(fields).find(name)) fields.insert(fields.begin(), field{name, junk});
    require(client_of(peer, fields_view(fields), trusted) == client);
}

// Nor does what a client sends to a proxy that adds itself, in a line of its own or behind a comma.
void check_appended(std::string_view junk) {
    networks const trusted("10.0.0.0/8");
    auto const peer = ip::make_address("10.0.0.1");
    auto const client = ip::make_address("2001:db8::1");
    auto const check = [&](char const *name, std::string_view added) {
        std::vector<field> const lines{{name, junk}, {name, added}};
        require(client_of(peer, fields_view(lines), trusted) == client);
        auto const list = std::string(junk).append(", ").append(added);
        std::vector<field> const line{{name, list}};
        require(client_of(peer, fields_view(line), trusted) == client);
    };
    check("X-Forwarded-For", "2001:db8::1, 10.0.0.2");
    check("Forwarded", "for=\"[2001:db8::1]:80\";by=\"\\\"_,\\\\\", proto=https; for=10.0.0.2");
}

bool is_uri_character(char c) {
    return is_alpha(c) || is_digit(c) || std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

// Whatever proxies say, a made URL has the form of one, leads to the host that was believed, and has no second line.
void check_url(std::span<field const> fields, ip::address const &peer, networks const &trusted) {
    service_context context;
    context.host = "own.example";
    context.proxies = &trusted;
    context.forwarded = forwarded_parts("for,proto,host,port,prefix");
    testing::body_in_pieces body({});
    request_head head;
    head.target = "/x";
    head.fields = fields_view(fields);
    request rq(head, body, context);
    rq.notes.peer = &peer;
    auto const origin = rq.origin();
    auto const root = rq.root_path();
    require(origin.starts_with(std::string(rq.scheme()) + "://") && (rq.scheme() == "http" || rq.scheme() == "https"));
    require(root.empty() || (root.front() == '/' && !root.starts_with("//") && !root.ends_with('/')));
    require(root.find("//") == root.npos && (std::string(root) + '/').find("/../") == root.npos);
    require(root.size() <= longest_root_path && std::all_of(root.begin(), root.end(), is_uri_character));
    require(read_root_path(root.empty() ? "/" : root) == root);
    require(rq.url() == origin + std::string(root) + "/x");
    if (!trusted.contains(peer)) require(rq.scheme() == "http" && root.empty());
    if (!trusted.contains(peer) || !fields_view(fields).find("Host")) return;
    require(rq.client() == client_of(peer, fields_view(fields), trusted));
}

// What a client sends to a proxy that adds its own elements changes no URL.
void check_appended_url(std::string_view junk) {
    networks const trusted("10.0.0.0/8");
    auto const peer = ip::make_address("10.0.0.1");
    std::vector<field> const all{{"X-Forwarded-For", junk},    {"X-Forwarded-For", "192.0.2.1"},
                                 {"X-Forwarded-Proto", junk},  {"X-Forwarded-Proto", "https"},
                                 {"X-Forwarded-Host", junk},   {"X-Forwarded-Host", "a.example"},
                                 {"X-Forwarded-Prefix", junk}, {"X-Forwarded-Prefix", "/api"},
                                 {"X-Forwarded-Port", junk},   {"X-Forwarded-Port", "8443"}};
    service_context context;
    context.proxies = &trusted;
    context.forwarded = forwarded_parts("for,proto,host,port,prefix");
    testing::body_in_pieces body({});
    request_head head;
    head.target = "/x";
    head.fields = fields_view(all);
    request rq(head, body, context);
    rq.notes.peer = &peer;
    require(rq.url() == "https://a.example:8443/api/x");
}

} // namespace

// The lines are a traceparent, a list of networks, and the peer (without a zone, whose text depends on the machine);
// the others are lines of a header.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto input = as_text(data, size);
    check_trace(take_until(input, '\n'));
    auto const trusted = read_networks(take_until(input, '\n'));
    std::string const peer_text(take_until(input, '\n'));
    boost::system::error_code no_address;
    auto const peer = ip::make_address(peer_text, no_address);
    check_appended(input);
    check_appended_url(input);
    if (!trusted || no_address || peer_text.find('%') != peer_text.npos) return 0;

    auto const junk = input;
    std::vector<field> fields;
    while (!input.empty()) {
        auto line = take_until(input, '\n');
        auto const name = take_until(line, ':');
        fields.push_back({name, line});
    }
    check_url(fields, peer, *trusted);
    auto const client = client_of(peer, fields_view(fields), *trusted);
    auto const text = client.to_string();
    require(ip::make_address(text) == client && plain(client) == client);
    require(trusted->contains(peer) == trusted->contains(plain(peer)));
    if (client != plain(peer)) require(trusted->contains(peer));
    require(client_of(peer, {}, *trusted) == plain(peer));
    if (trusted->contains(peer) && !trusted->contains(client)) check_left(fields, peer, client, *trusted, junk);
    return 0;
}
