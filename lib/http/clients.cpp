// The table of clients: a map, and a list of the entries that may be forgotten.
#include "phial/http/clients.hpp"

#include <algorithm>
#include <utility>

namespace phial {
namespace {

// A client that was idle for this time is forgotten; a client with too much of something is reported once in this time.
constexpr std::chrono::hours memory{1};
// After this time all requests that a client was allowed at once are paid for, and it may be forgotten.
constexpr std::chrono::seconds longest_debt{1};
// At most this many clients with too much are reported at a time.
constexpr std::size_t most_reported_refusals = 8;
// At most this many old entries are removed in one call: the lock is held meanwhile.
constexpr int forgotten_at_once = 64;

} // namespace

clients::clients(client_limits limits, networks const &proxies)
    : limits_(limits),
      proxies_(proxies),
      request_time_(clock::duration(longest_debt) / std::max(limits.rate, 1U)) {
    newly_refused_.reserve(most_reported_refusals);
}

clients::admission clients::add_connection(boost::asio::ip::address const &peer, time now) {
    if (proxies_.contains(peer)) return admission::uncounted;
    client_network const who(peer);
    std::lock_guard const lock(mutex_);
    auto *const e = find_or_add(who, now);
    if (e == nullptr) return admission::uncounted;
    bool const refused = e->connections >= limits_.connections;
    if (!refused) {
        ++e->connections;
    } else {
        refused_.fetch_add(1, std::memory_order_relaxed);
        report_refused(*e, e->warned, refused_client::reason::connections, now);
    }
    settle(*e, now);
    return refused ? admission::refused : admission::counted;
}

void clients::remove_connection(client_network who, time now) noexcept {
    std::lock_guard const lock(mutex_);
    auto *const e = find(who);
    if (e == nullptr) return;
    --e->connections;
    settle(*e, now);
}

// The generic cell rate algorithm: a token bucket that needs one time instead of a count and a time.
bool clients::admit_request(client_network who, time now) {
    std::lock_guard const lock(mutex_);
    auto *const e = find_or_add(who, now);
    if (e == nullptr) return true;
    auto const paid_at = std::max(e->paid_at, now) + request_time_;
    bool const admitted = paid_at - now <= request_time_ * limits_.rate;
    if (admitted)
        e->paid_at = paid_at;
    else
        report_refused(*e, e->warned_for_rate, refused_client::reason::requests, now);
    settle(*e, now);
    return admitted;
}

std::vector<clients::refused_client> clients::take_refused(time now) {
    std::vector<refused_client> out;
    out.reserve(most_reported_refusals);
    std::lock_guard const lock(mutex_);
    forget_old(now);
    newly_refused_.swap(out);
    return out;
}

void clients::report_refused(entry const &e, time &warned, refused_client::reason why, time now) {
    bool const is_news = warned == time() || now - warned >= memory;
    if (!is_news || newly_refused_.size() >= most_reported_refusals) return;
    newly_refused_.push_back({e.who, why});
    warned = now;
}

unsigned clients::login_failed(client_network who, time now) {
    std::lock_guard const lock(mutex_);
    auto *const e = find_or_add(who, now);
    if (e == nullptr) return 0;
    auto const n = std::min(e->failures + 1, 1000U);
    set_failures(*e, n);
    if (n >= patience) {
        constexpr unsigned most_doublings = 6; // 64 s
        auto const wait = std::chrono::seconds(1U << std::min(n - patience, most_doublings));
        e->retry_at = now + std::min(wait, longest_back_off);
    }
    settle(*e, now);
    return n;
}

void clients::login_succeeded(client_network who, time now) noexcept {
    std::lock_guard const lock(mutex_);
    auto *const e = find(who);
    if (e == nullptr) return;
    set_failures(*e, 0);
    e->retry_at = {};
    settle(*e, now);
}

unsigned clients::failures(client_network who) const noexcept {
    std::lock_guard const lock(mutex_);
    auto const *const e = find(who);
    return e == nullptr ? 0 : e->failures;
}

clients::clock::duration clients::back_off(client_network who, time now) const noexcept {
    std::lock_guard const lock(mutex_);
    auto const *const e = find(who);
    return e == nullptr || e->retry_at <= now ? clock::duration::zero() : e->retry_at - now;
}

bool clients::may_report(client_network who, time now) {
    std::lock_guard const lock(mutex_);
    auto *const e = find_or_add(who, now);
    if (e != nullptr && std::exchange(e->minute, minute_) != minute_) e->reported = 0;
    bool const may = reported_ < most_reports && (e == nullptr || e->reported < most_reports_of_client);
    if (may) {
        ++reported_;
        if (e != nullptr) ++e->reported;
    } else {
        count_unreported(e, 1, 0);
    }
    if (e != nullptr) settle(*e, now);
    return may;
}

void clients::login_refused(client_network who, time now) {
    std::lock_guard const lock(mutex_);
    auto *const e = find_or_add(who, now);
    count_unreported(e, 0, 1);
    if (e != nullptr) settle(*e, now);
}

clients::summary clients::take_unreported() {
    std::lock_guard const lock(mutex_);
    summary out;
    out.each.reserve(std::min(unreported_clients_.size(), most_summaries));
    out.others = std::exchange(forgotten_, {});
    out.clients = std::exchange(forgotten_clients_, 0);
    ++minute_;
    reported_ = 0;
    for (auto const &who : std::exchange(unreported_clients_, {})) {
        auto *const e = find(who);
        if (e == nullptr) continue;
        unreported_logins const one{who, std::exchange(e->unreported_failures, 0),
                                    std::exchange(e->unreported_refusals, 0)};
        if (one.failed == 0 && one.refused == 0) continue;
        if (out.each.size() < most_summaries) {
            out.each.push_back(one);
        } else {
            out.others.failed += one.failed;
            out.others.refused += one.refused;
            ++out.clients;
        }
    }
    return out;
}

std::size_t clients::size() const noexcept {
    std::lock_guard const lock(mutex_);
    return all_.size();
}

clients::entry *clients::find(client_network who) noexcept {
    auto const found = all_.find(who);
    return found == all_.end() ? nullptr : &found->second;
}

clients::entry const *clients::find(client_network who) const noexcept {
    auto const found = all_.find(who);
    return found == all_.end() ? nullptr : &found->second;
}

// Null: the table is full, and every client in it has a connection.
clients::entry *clients::find_or_add(client_network who, time now) {
    if (auto *const e = find(who)) return e;
    forget_old(now);
    if (all_.size() >= limits_.known) {
        auto &oldest = brief_.empty() ? idle_ : brief_;
        if (oldest.empty()) return nullptr;
        forget(oldest.front());
    }
    auto &e = all_[who];
    e.who = who;
    return &e;
}

// Call after each change. A client without connections may be forgotten; one with nothing to remember is forgotten now.
void clients::settle(entry &e, time now) noexcept {
    e.used = now;
    e.unlink();
    if (e.connections != 0) return;
    bool const was_reported = e.reported != 0 && e.minute == minute_;
    bool const matters =
        e.failures != 0 || was_reported || e.has_unreported() || e.warned != time() || e.warned_for_rate != time();
    if (matters)
        idle_.push_back(e);
    else if (e.paid_at > now)
        brief_.push_back(e);
    else
        forget(e);
}

void clients::forget(entry &e) noexcept {
    set_failures(e, 0);
    if (e.has_unreported()) {
        forgotten_.failed += e.unreported_failures;
        forgotten_.refused += e.unreported_refusals;
        ++forgotten_clients_;
    }
    all_.erase(client_network(e.who)); // a copy: the key is destroyed while it is used
}

void clients::forget_old(time now) noexcept {
    for (int i = 0; i < forgotten_at_once && !idle_.empty() && now - idle_.front().used >= memory; ++i)
        forget(idle_.front());
    for (int i = 0; i < forgotten_at_once && !brief_.empty() && now - brief_.front().used >= longest_debt; ++i)
        forget(brief_.front());
}

void clients::set_failures(entry &e, unsigned n) noexcept {
    if (e.failures == 0 && n != 0) ++failing_;
    if (e.failures != 0 && n == 0) --failing_;
    e.failures = n;
}

// Without an entry, or when the list is full or cannot be allocated, the counts go to those of all other clients.
void clients::count_unreported(entry *e, std::uint64_t failed, std::uint64_t refused) noexcept {
    auto const list = [this, e] {
        try {
            if (unreported_clients_.size() >= limits_.known) return false;
            unreported_clients_.push_back(e->who);
            return true;
        } catch (std::bad_alloc const &) {
            return false;
        }
    };
    if (e != nullptr && (e->has_unreported() || list())) {
        e->unreported_failures += failed;
        e->unreported_refusals += refused;
    } else {
        forgotten_.failed += failed;
        forgotten_.refused += refused;
    }
}

} // namespace phial
