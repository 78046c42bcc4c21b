#include "phial/ops/access_log.hpp"

#include "phial/logging/redact.hpp"

#include <array>

namespace phial {
namespace {

constexpr std::size_t block_size = 16 * 1024;
constexpr std::size_t longest_agent = 256;

} // namespace

access_log::access_log(log_sink &sink, access_records selection) : sink_(sink), selection_(selection) {}

void access_log::finished(exchange const &what) noexcept {
    if (selection_ == access_records::off) return;
    if (selection_ == access_records::errors && what.status < 400 && what.complete) return;
    auto const line_begin = block_.size();
    try {
        append(what);
    } catch (std::bad_alloc const &) {
        block_.resize(line_begin); // remove the incomplete line
        sink_.count_dropped(1);
        return;
    }
    if (block_.size() >= block_size) hand_over();
}

void access_log::append(exchange const &what) {
    auto const &rq = what.rq;
    auto const target = rq.head().target;
    bool const plain = is_loggable(target);
    auto const masked = plain ? std::string() : loggable_target(target);
    if (auto const client = rq.client(); client != client_ || client_text_.empty()) {
        client_ = client;
        client_text_ = client.to_string();
    }
    std::array<attribute, 14> attributes;
    std::size_t n = 0;
    auto const add = [&](std::string_view name, auto value) { attributes[n++] = {name, value}; };
    add("method", rq.head().method_name());
    add("target", plain ? target : std::string_view(masked));
    if (!rq.notes.route.empty()) add("route", rq.notes.route);
    add("status", std::uint64_t{what.status});
    if (!rq.notes.error.empty()) add("error", std::string_view(rq.notes.error));
    add("received", what.received);
    add("sent", what.sent);
    add("seconds", std::chrono::duration<double>(what.took).count());
    if (!what.complete) add("incomplete", std::uint64_t{1});
    add("client", std::string_view(client_text_));
    if (!rq.notes.user.empty()) add("user", std::string_view(rq.notes.user));
    if (auto const agent = rq.header("User-Agent")) add("user_agent", agent->substr(0, longest_agent));
    add("request_id", rq.id());
    add("trace_id", rq.trace());
    append_record(block_, sink_.format(), std::chrono::system_clock::now(), severity::info, "access",
                  std::span(attributes).first(n));
    ++records_;
}

void access_log::tick() noexcept {
    if (records_ != 0) hand_over();
}

void access_log::hand_over() noexcept {
    std::string next;
    try {
        next.reserve(block_size + block_size / 4);
    } catch (std::bad_alloc const &) {
        next.clear(); // without a reservation it grows as needed, or its records are lost
    }
    sink_.write_lines(std::exchange(block_, std::move(next)), std::exchange(records_, 0));
}

} // namespace phial
