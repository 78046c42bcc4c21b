#include "phial/ops/request_metrics.hpp"

#include <algorithm>
#include <map>
#include <new>
#include <tuple>

namespace phial {
namespace {

constexpr std::string_view unmatched = "unmatched";

std::size_t hash_of(std::string_view method, std::string_view route, unsigned status) noexcept {
    // By address: a route template is always at the same place, and so is the name of a method.
    auto const address = [](std::string_view s) { return reinterpret_cast<std::uintptr_t>(s.data()); };
    auto const mixed = (address(route) * 31 + address(method)) * 31 + status;
    return static_cast<std::size_t>((mixed * 0x9E3779B97F4A7C15U) >> 32U);
}

// Why a request with that status code was rejected before any handler.
std::string_view reason(unsigned status) noexcept {
    switch (status) {
    case 400: return "malformed";
    case 408: return "too_slow";
    case 413: return "content_too_large";
    case 414: return "uri_too_long";
    case 417: return "expectation";
    case 429: return "too_many_requests";
    case 431: return "header_too_large";
    case 501: return "not_implemented";
    case 503: return "overload";
    case 505: return "http_version";
    default: return "other";
    }
}

struct sum {
    std::array<std::uint64_t, request_series::bounds.size() + 1> buckets{};
    double seconds = 0;
};

} // namespace

void request_series::add(std::chrono::nanoseconds took) noexcept {
    auto const ns = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0));
    static constexpr auto in_nanoseconds = [] {
        std::array<std::uint64_t, bounds.size()> out{};
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint64_t>(bounds[i] * 1e9);
        return out;
    }();
    std::size_t i = 0;
    while (i < bounds.size() && ns > in_nanoseconds[i]) ++i;
    ++buckets[i];
    nanoseconds.add(ns);
}

loop_request_metrics::loop_request_metrics() { overflow_.method = overflow_.route = "overflow"; }

void loop_request_metrics::add(exchange const &what) noexcept {
    auto const route = what.rq.notes.route.empty() ? unmatched : what.rq.notes.route;
    series_of(what.method, route, what.status).add(what.took);
    received_.add(what.received);
    sent_.add(what.sent);
    if (!what.complete) ++incomplete_;
    if (what.refused) ++refusals_[std::min(what.status, last_status)];
}

request_series &loop_request_metrics::series_of(std::string_view method, std::string_view route,
                                                unsigned status) noexcept {
    auto const begin = hash_of(method, route, status);
    for (std::size_t i = 0; i < most; ++i) {
        auto &slot = table_[(begin + i) % most];
        auto *const known = slot.load(std::memory_order_relaxed);
        if (known == nullptr) {
            try {
                all_.push_back(std::make_unique<request_series>());
            } catch (std::bad_alloc const &) {
                return overflow_;
            }
            auto &made = *all_.back();
            made.method = method;
            made.route = route;
            made.status = status;
            slot.store(&made, std::memory_order_release);
            return made;
        }
        if (known->status == status && known->route.data() == route.data() && known->method.data() == method.data())
            return *known;
    }
    return overflow_;
}

loop_request_metrics &request_metrics::add_loop() {
    std::lock_guard const lock(mutex_);
    loops_.push_back(std::make_unique<loop_request_metrics>());
    return *loops_.back();
}

void request_metrics::append_to(exposition &out) const {
    std::map<std::tuple<std::string_view, std::string_view, unsigned>, sum> sums;
    std::map<std::string_view, std::uint64_t> refusals;
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    std::uint64_t incomplete = 0;
    auto const take = [&sums](request_series const &s) {
        auto &total = sums[{s.route, s.method, s.status}];
        for (std::size_t i = 0; i < s.buckets.size(); ++i) total.buckets[i] += s.buckets[i].value();
        total.seconds += static_cast<double>(s.nanoseconds.value()) / 1e9;
    };
    std::lock_guard const lock(mutex_);
    for (auto const &loop : loops_) {
        for (auto const &slot : loop->table_)
            if (auto const *s = slot.load(std::memory_order_acquire)) take(*s);
        if (loop->overflow_.nanoseconds.value() != 0) take(loop->overflow_);
        for (unsigned status = 0; status < loop->refusals_.size(); ++status)
            if (auto const n = loop->refusals_[status].value(); n != 0) refusals[reason(status)] += n;
        received += loop->received_.value();
        sent += loop->sent_.value();
        incomplete += loop->incomplete_.value();
    }
    out.family("http_server_request_duration_seconds", "histogram",
               "From the header section of a request to the last byte of its response.");
    for (auto const &[key, s] : sums) {
        auto const &[route, method, status] = key;
        auto const code = std::to_string(status);
        out.histogram({{"http_request_method", method}, {"http_route", route}, {"http_response_status_code", code}},
                      request_series::bounds, s.buckets, s.seconds);
    }
    out.family("_refusals_total", "counter", "Requests that no handler saw, by reason.");
    for (auto const &[why, n] : refusals) out.sample({{"reason", why}}, n);
    out.family("_incomplete_answers_total", "counter", "Responses whose client went away before their end.");
    out.sample({}, incomplete);
    out.family("_received_bytes_total", "counter", "Bytes of requests, header sections and framing included.");
    out.sample({}, received);
    out.family("_sent_bytes_total", "counter", "Bytes of responses, header sections and framing included.");
    out.sample({}, sent);
}

} // namespace phial
