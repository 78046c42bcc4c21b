#include "phial/auth/login_trail.hpp"

#include <array>
#include <exception>
#include <span>
#include <string>

namespace phial {
namespace {

constexpr unsigned minute = 60;

} // namespace

void login_trail::failed(request const &rq, std::string_view user) noexcept {
    try {
        auto const address = rq.client();
        client_network const who(address);
        if (!known_.may_report(who)) return;
        auto const client = address.to_string();
        std::array<attribute, 5> attributes;
        std::size_t n = 0;
        attributes[n++] = {"user", user.substr(0, longest_name)};
        attributes[n++] = {"client", std::string_view(client)};
        // This number shows when the client begins to be slowed down.
        if (auto const in_a_row = known_.failures(who); in_a_row != 0)
            attributes[n++] = {"in_a_row", std::uint64_t{in_a_row}};
        if (!rq.id().empty()) {
            attributes[n++] = {"request_id", rq.id()};
            attributes[n++] = {"trace_id", rq.trace()};
        }
        sink_.write(severity::warning, "failed login", std::span(attributes).first(n));
    } catch (std::exception const &) { // no memory
        sink_.count_dropped(1);
    }
}

void login_trail::refused(request const &rq) noexcept {
    try {
        known_.login_refused(client_network(rq.client()));
    } catch (std::exception const &) { // no memory
        sink_.count_dropped(1);
    }
}

void login_trail::tick() noexcept {
    if (++seconds_ % minute == 0) summarise();
}

void login_trail::summarise() noexcept {
    try {
        auto const all = known_.take_unreported();
        for (auto const &one : all.each) write_summary(one.who.to_string(), one);
        if (all.others.failed != 0 || all.others.refused != 0)
            write_summary(concat(all.clients, " other clients"), all.others);
    } catch (std::exception const &) { // no memory
        sink_.count_dropped(1);
    }
}

void login_trail::write_summary(std::string_view who, clients::unreported_logins const &n) {
    std::array<attribute, 3> const attributes{{{"client", who}, {"failed", n.failed}, {"refused", n.refused}}};
    sink_.write(severity::warning, "more failed logins in the last minute", attributes);
}

} // namespace phial
