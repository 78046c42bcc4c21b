// One lock for everything. It is held for one pass over the queue, which is short; a turn takes milliseconds.
#include "phial/auth/login_turns.hpp"

#include "phial/http/http_error.hpp"
#include "phial/runtime/timer.hpp"

#include <boost/asio/post.hpp>
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

// User names are distinguished by a hash; names with the same hash share their turns.
constexpr std::size_t user_slots = 256;
// By how many turns a client whose logins fail is put back.
constexpr std::uint64_t put_back = 128;

[[noreturn]] void reject() {
    throw http_error(503, "Too many passwords wait to be checked. Try again in a moment.").add("Retry-After", "1");
}

[[noreturn]] void reject_client() {
    throw http_error(429, "Too many passwords from your address wait to be checked. Try again in a moment.")
        .add("Retry-After", "1");
}

// The state of a client while it waits or has a turn.
struct client_state {
    std::size_t waiting = 0;
    bool at_work = false;
    bool failed = false;
    std::uint64_t last_turn = 0;
    std::uint64_t looked_at = 0; // the last search that saw it
};

} // namespace

struct login_turns::waiter {
    enum class states { waits, has_turn, rejected };

    waiter(executor const &loop, std::chrono::steady_clock::time_point deadline, client_network c, std::size_t u)
        : alarm(loop, deadline),
          who(c),
          user(u) {}

    timer alarm; // cancelled when the state changes; used on its loop only
    client_network who;
    std::size_t user;
    std::uint64_t arrival = 0; // the number of turns given before
    states state = states::waits;
};

struct login_turns::core : std::enable_shared_from_this<login_turns::core> {
    using line = std::list<std::shared_ptr<waiter>>;
    using rank = std::pair<std::uint64_t, std::uint64_t>;

    explicit core(turn_limits l) : limits(l) {}

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
    void take_out(line::iterator position, waiter::states becomes) noexcept;
    void drop_if_gone(client_network who) noexcept;

    turn_limits const limits;
    mutable std::mutex mutex;
    line all; // in order of arrival
    std::map<client_network, client_state> clients;
    std::array<std::uint64_t, user_slots> last_turn_of_user{};
    std::uint64_t turns = 0;
    std::uint64_t searches = 0;
    std::size_t running = 0;
    bool closed = false;
};

// A place in the queue, or a turn that was not taken yet, until it is destroyed.
class login_turns::place {
  public:
    place(std::shared_ptr<core> queue, std::shared_ptr<waiter> w, bool has_failed)
        : queue_(std::move(queue)),
          w_(std::move(w)) {
        queue_->enter(w_, has_failed);
    }
    ~place() {
        if (queue_) queue_->leave(*w_);
    }
    place(place const &) = delete;
    place &operator=(place const &) = delete;

    [[nodiscard]] turn take() noexcept { return {std::exchange(queue_, nullptr), w_->who}; }

  private:
    std::shared_ptr<core> queue_;
    std::shared_ptr<waiter> w_;
};

void login_turns::core::enter(std::shared_ptr<waiter> const &w, bool has_failed) {
    std::lock_guard const lock(mutex);
    if (closed) reject();
    auto const found = clients.find(w->who);
    auto const ahead = found == clients.end() ? 0 : found->second.waiting;
    if (ahead >= limits.of_one_client) reject_client();
    w->arrival = turns;
    if (all.size() >= limits.waiting) make_room(*w, has_failed);
    auto &c = clients[w->who];
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

// Rejects the newest check of the client with the most, if that client has more than the new one would have. Of equal
// clients it is one whose login failed.
void login_turns::core::make_room(waiter const &w, bool has_failed) {
    using length = std::pair<std::size_t, bool>;
    auto const found = clients.find(w.who);
    auto longest = found == clients.end() ? length(1, has_failed)
                                          : length(found->second.waiting + 1, has_failed || found->second.failed);
    auto victim = all.end();
    for (auto position = all.begin(); position != all.end(); ++position) {
        auto const &c = clients.find((*position)->who)->second;
        length const its(c.waiting, c.failed);
        if (its > longest || (victim != all.end() && its == longest)) {
            longest = its;
            victim = position;
        }
    }
    if (victim == all.end()) reject();
    take_out(victim, waiter::states::rejected);
}

void login_turns::core::leave(waiter &w) noexcept {
    std::lock_guard const lock(mutex);
    if (w.state == waiter::states::waits) {
        auto const position = std::find_if(all.begin(), all.end(), [&w](auto const &one) { return one.get() == &w; });
        all.erase(position);
        --clients.find(w.who)->second.waiting;
        drop_if_gone(w.who);
    } else if (w.state == waiter::states::has_turn) {
        clients.find(w.who)->second.at_work = false;
        --running;
        drop_if_gone(w.who);
        give_turns();
    }
}

void login_turns::core::end_turn(client_network who, bool failed) noexcept {
    std::lock_guard const lock(mutex);
    auto &c = clients.find(who)->second;
    c.at_work = false;
    c.failed = failed;
    --running;
    drop_if_gone(who);
    give_turns();
}

void login_turns::core::close() noexcept {
    std::lock_guard const lock(mutex);
    closed = true;
    while (!all.empty()) take_out(all.begin(), waiter::states::rejected);
}

void login_turns::core::give_turns() noexcept {
    while (running < limits.at_once) {
        auto const position = next();
        if (position == all.end()) return;
        auto &c = clients.find((*position)->who)->second;
        ++running;
        c.at_work = true;
        c.last_turn = last_turn_of_user[(*position)->user] = ++turns;
        take_out(position, waiter::states::has_turn);
    }
}

// Of the first waiting checks of all clients without a turn, the one with the lowest rank.
login_turns::core::line::iterator login_turns::core::next() noexcept {
    ++searches;
    auto best = all.end();
    rank least{};
    for (auto position = all.begin(); position != all.end(); ++position) {
        auto &c = clients.find((*position)->who)->second;
        if (c.at_work || std::exchange(c.looked_at, searches) == searches) continue;
        auto const its = rank_of(**position, c);
        if (best != all.end() && least <= its) continue;
        best = position;
        least = its;
    }
    return best;
}

// First the last turn of the user name, but not before the client came; then the last turn of the client.
login_turns::core::rank login_turns::core::rank_of(waiter const &w, client_state const &c) const noexcept {
    auto const client = std::max(w.arrival, c.last_turn) + (c.failed ? put_back : 0);
    return {std::max(last_turn_of_user[w.user], client), client};
}

void login_turns::core::take_out(line::iterator position, waiter::states becomes) noexcept {
    auto w = std::move(*position);
    all.erase(position);
    w->state = becomes;
    --clients.find(w->who)->second.waiting;
    drop_if_gone(w->who);
    try {
        // Moved: this thread must not hold the last reference, because the timer belongs to its loop.
        auto const loop = w->alarm.get_executor();
        asio::post(loop, [w = std::move(w)] { w->alarm.cancel(); });
    } catch (std::exception const &) { // NOLINT(bugprone-empty-catch): no memory; the timer's expiry wakes it
    }
}

void login_turns::core::drop_if_gone(client_network who) noexcept {
    auto const found = clients.find(who);
    if (found->second.waiting == 0 && !found->second.at_work) clients.erase(found);
}

login_turns::login_turns(turn_limits limits) : core_(std::make_shared<core>(limits)) {}

login_turns::turn::~turn() {
    if (queue_) queue_->end_turn(who_, failed_);
}

task<login_turns::turn> login_turns::wait(client_network who, std::string_view user, bool has_failed) const {
    return wait(core_, who, std::hash<std::string_view>()(user) % user_slots, has_failed);
}

task<login_turns::turn> login_turns::wait(std::shared_ptr<core> queue, client_network who, std::size_t user,
                                          bool has_failed) {
    using states = waiter::states;
    auto const loop = co_await asio::this_coro::executor;
    auto const deadline = std::chrono::steady_clock::now() + queue->limits.longest_wait;
    auto const w = std::make_shared<waiter>(loop, deadline, who, user);
    place queue_place(queue, w, has_failed);
    for (auto state = queue->state_of(*w); state != states::has_turn; state = queue->state_of(*w)) {
        if (state == states::rejected) reject();
        auto const [aborted] = co_await w->alarm.async_wait(as_values);
        if (queue->state_of(*w) != states::waits) continue;
        if (aborted) throw boost::system::system_error(aborted); // the request was cancelled
        reject();
    }
    co_return queue_place.take();
}

void login_turns::close() noexcept { core_->close(); }

std::size_t login_turns::waiting() const noexcept {
    std::lock_guard const lock(core_->mutex);
    return core_->all.size();
}

} // namespace phial
