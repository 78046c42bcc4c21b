// What proxies say about a request: the client, and the trace.
#include "fuzz.hpp"

#include "phial/http/forwarded.hpp"
#include "phial/http/trace_context.hpp"

#include <optional>
#include <stdexcept>
#include <string>

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
    if (!trusted || no_address || peer_text.find('%') != peer_text.npos) return 0;

    auto const junk = input;
    std::vector<field> fields;
    while (!input.empty()) {
        auto line = take_until(input, '\n');
        auto const name = take_until(line, ':');
        fields.push_back({name, line});
    }
    auto const client = client_of(peer, fields_view(fields), *trusted);
    auto const text = client.to_string();
    require(ip::make_address(text) == client && plain(client) == client);
    require(trusted->contains(peer) == trusted->contains(plain(peer)));
    if (client != plain(peer)) require(trusted->contains(peer));
    require(client_of(peer, {}, *trusted) == plain(peer));
    if (trusted->contains(peer) && !trusted->contains(client)) check_left(fields, peer, client, *trusted, junk);
    return 0;
}
