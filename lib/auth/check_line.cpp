// Whose turn it is. All under one lock, held for a look at the line: it is short, and a turn takes milliseconds.
#include "phial/auth/check_line.hpp"

#include "phial/http/http_error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <utility>

namespace phial {
namespace {

namespace asio = boost::asio;

using timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, executor>;

// Users are told apart by a hash of their names: of those with the same one the clients take turns together.
constexpr std::size_t user_lines = 256;
// How many turns a client whose logins fail is put back.
constexpr std::uint64_t behind = 128;

[[noreturn]] void send_away() {
    throw http_error(503, "Too many passwords wait to be checked. Try again in a moment.").add("Retry-After", "1");
}

[[noreturn]] void send_one_away() {
    throw http_error(429, "Too many passwords from your address wait to be checked. Try again in a moment.")
        .add("Retry-After", "1");
}

// What is known of a client while it is in the line or has a turn.
struct client_state {
    std::size_t waiting = 0;
    bool at_work = false;
    bool failed = false;
    std::uint64_t last_turn = 0;
    std::uint64_t looked_at = 0; // by which search
};

} // namespace

struct check_line::waiter {
    enum class states { waits, has_turn, sent_away };

    waiter(executor const &loop, std::chrono::steady_clock::time_point until, client_network c, std::size_t u)
        : woken(loop, until),
          who(c),
          user(u) {}

    timer woken; // cancelled then; used on its loop only
    client_network who;
    std::size_t user;
    std::uint64_t came = 0; // in which turn
    states state = states::waits;
};

struct check_line::core : std::enable_shared_from_this<check_line::core> {
    using line = std::list<std::shared_ptr<waiter>>;
    using rank = std::pair<std::uint64_t, std::uint64_t>;

    explicit core(check_limits l) : limits(l) {}

    void enter(std::shared_ptr<waiter> const &w, bool has_failed);
    void leave(waiter &w) noexcept;
    void end_turn(client_network who, bool failed) noexcept;
    void close() noexcept;
    [[nodiscard]] waiter::states state_of(waiter const &w) {
        std::lock_guard const lock(mutex);
        return w.state;
    }

    // Under the lock.
    void make_room(waiter const &w, bool has_failed);
    void give_turns() noexcept;
    [[nodiscard]] line::iterator next() noexcept;
    [[nodiscard]] rank rank_of(waiter const &w, client_state const &c) const noexcept;
    void take_out(line::iterator at, waiter::states becomes) noexcept;
    void drop_if_gone(client_network who) noexcept;

    check_limits const limits;
    mutable std::mutex mutex;
    line all; // in the order of coming
    std::map<client_network, client_state> of;
    std::array<std::uint64_t, user_lines> last_turn_of_user{};
    std::uint64_t turns = 0;
    std::uint64_t searches = 0;
    std::size_t running = 0;
    bool closed = false;
};

// In the line, or with a turn that nobody has taken: until it is destroyed.
class check_line::place {
  public:
    place(std::shared_ptr<core> in, std::shared_ptr<waiter> w, bool has_failed) : in_(std::move(in)), w_(std::move(w)) {
        in_->enter(w_, has_failed);
    }
    ~place() {
        if (in_) in_->leave(*w_);
    }
    place(place const &) = delete;
    place &operator=(place const &) = delete;

    [[nodiscard]] turn take() noexcept { return {std::exchange(in_, nullptr), w_->who}; }

  private:
    std::shared_ptr<core> in_;
    std::shared_ptr<waiter> w_;
};

void check_line::core::enter(std::shared_ptr<waiter> const &w, bool has_failed) {
    std::lock_guard const lock(mutex);
    if (closed) send_away();
    auto const found = of.find(w->who);
    auto const ahead = found == of.end() ? 0 : found->second.waiting;
    if (ahead >= limits.of_one_client) send_one_away();
    w->came = turns;
    if (all.size() >= limits.waiting) make_room(*w, has_failed);
    auto &c = of[w->who];
    try {
        all.push_back(w);
    } catch (...) {
        drop_if_gone(w->who);
        throw;
    }
    ++c.waiting;
    c.failed = c.failed || has_failed;
    give_turns();
}

// The newest of the longest line goes, if that is longer than the newcomer's would be; among equals one that failed.
void check_line::core::make_room(waiter const &w, bool has_failed) {
    using length = std::pair<std::size_t, bool>;
    auto const found = of.find(w.who);
    auto longest = found == of.end() ? length(1, has_failed)
                                     : length(found->second.waiting + 1, has_failed || found->second.failed);
    auto victim = all.end();
    for (auto at = all.begin(); at != all.end(); ++at) {
        auto const &c = of.find((*at)->who)->second;
        length const its(c.waiting, c.failed);
        if (its > longest || (victim != all.end() && its == longest)) {
            longest = its;
            victim = at;
        }
    }
    if (victim == all.end()) send_away();
    take_out(victim, waiter::states::sent_away);
}

void check_line::core::leave(waiter &w) noexcept {
    std::lock_guard const lock(mutex);
    if (w.state == waiter::states::waits) {
        auto const at = std::find_if(all.begin(), all.end(), [&w](auto const &one) { return one.get() == &w; });
        all.erase(at);
        --of.find(w.who)->second.waiting;
        drop_if_gone(w.who);
    } else if (w.state == waiter::states::has_turn) {
        of.find(w.who)->second.at_work = false;
        --running;
        drop_if_gone(w.who);
        give_turns();
    }
}

void check_line::core::end_turn(client_network who, bool failed) noexcept {
    std::lock_guard const lock(mutex);
    auto &c = of.find(who)->second;
    c.at_work = false;
    c.failed = failed;
    --running;
    drop_if_gone(who);
    give_turns();
}

void check_line::core::close() noexcept {
    std::lock_guard const lock(mutex);
    closed = true;
    while (!all.empty()) take_out(all.begin(), waiter::states::sent_away);
}

void check_line::core::give_turns() noexcept {
    while (running < limits.at_once) {
        auto const at = next();
        if (at == all.end()) return;
        auto &c = of.find((*at)->who)->second;
        ++running;
        c.at_work = true;
        c.last_turn = last_turn_of_user[(*at)->user] = ++turns;
        take_out(at, waiter::states::has_turn);
    }
}

// The first of each client that has no turn, and of those the one with the least rank.
check_line::core::line::iterator check_line::core::next() noexcept {
    ++searches;
    auto best = all.end();
    rank least{};
    for (auto at = all.begin(); at != all.end(); ++at) {
        auto &c = of.find((*at)->who)->second;
        if (c.at_work || std::exchange(c.looked_at, searches) == searches) continue;
        auto const its = rank_of(**at, c);
        if (best != all.end() && least <= its) continue;
        best = at;
        least = its;
    }
    return best;
}

// When the user was checked last, but no earlier than the client came; then that of the client.
check_line::core::rank check_line::core::rank_of(waiter const &w, client_state const &c) const noexcept {
    auto const client = std::max(w.came, c.last_turn) + (c.failed ? behind : 0);
    return {std::max(last_turn_of_user[w.user], client), client};
}

void check_line::core::take_out(line::iterator at, waiter::states becomes) noexcept {
    auto w = std::move(*at);
    all.erase(at);
    w->state = becomes;
    --of.find(w->who)->second.waiting;
    drop_if_gone(w->who);
    try {
        // Moved: nothing of it may be left here when its loop has gone on.
        auto const loop = w->woken.get_executor();
        asio::post(loop, [w = std::move(w)] { w->woken.cancel(); });
    } catch (std::exception const &) { // NOLINT(bugprone-empty-catch): no memory; it looks when its time is over
    }
}

void check_line::core::drop_if_gone(client_network who) noexcept {
    auto const found = of.find(who);
    if (found->second.waiting == 0 && !found->second.at_work) of.erase(found);
}

check_line::check_line(check_limits limits) : core_(std::make_shared<core>(limits)) {}

check_line::turn::~turn() {
    if (of_) of_->end_turn(who_, failed_);
}

task<check_line::turn> check_line::wait(client_network who, std::string_view user, bool has_failed) const {
    return wait(core_, who, std::hash<std::string_view>()(user) % user_lines, has_failed);
}

task<check_line::turn> check_line::wait(std::shared_ptr<core> in, client_network who, std::size_t user,
                                        bool has_failed) {
    using states = waiter::states;
    auto const loop = co_await asio::this_coro::executor;
    auto const until = std::chrono::steady_clock::now() + in->limits.longest_wait;
    auto const w = std::make_shared<waiter>(loop, until, who, user);
    place here(in, w, has_failed);
    for (auto state = in->state_of(*w); state != states::has_turn; state = in->state_of(*w)) {
        if (state == states::sent_away) send_away();
        auto const [aborted] = co_await w->woken.async_wait(asio::as_tuple(use_task));
        if (in->state_of(*w) != states::waits) continue;
        if (aborted) throw boost::system::system_error(aborted); // the request was cancelled
        send_away();
    }
    co_return here.take();
}

void check_line::close() noexcept { core_->close(); }

std::size_t check_line::waiting() const noexcept {
    std::lock_guard const lock(core_->mutex);
    return core_->all.size();
}

} // namespace phial
