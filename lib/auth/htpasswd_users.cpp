#include "phial/auth/htpasswd_users.hpp"

#include "phial/auth/bcrypt.hpp"
#include "phial/http/http_error.hpp"
#include "phial/text/wiped_text.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace phial {
namespace {

using clock = std::chrono::steady_clock;

// The most mistakes in one record of the log.
constexpr std::size_t shown_mistakes = 5;

std::string in_a_line(htpasswd_error const &e) {
    auto const &all = e.mistakes();
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), shown_mistakes); ++i) out += (i == 0 ? "" : "; ") + all[i];
    if (auto const more = all.size() + e.more() - std::min(all.size(), shown_mistakes); more != 0)
        out += concat("; and ", more, " more");
    return out;
}

} // namespace

password_checker::password_checker(std::shared_ptr<htpasswd_table const> table, clock::duration time)
    : table_(std::move(table)),
      cache_(time) {}

bool password_checker::replace(std::shared_ptr<htpasswd_table const> table) {
    auto const now = table;
    {
        std::lock_guard const lock(mutex_);
        table_.swap(table);
        cache_.unlink_all();
    }
    return *now != *table; // the old table is destroyed after the lock
}

std::shared_ptr<htpasswd_table const> password_checker::table() const {
    std::lock_guard const lock(mutex_);
    return table_;
}

password_checker::question password_checker::ask(std::string_view user, std::string_view password) const {
    auto all = table();
    auto const *found = all->find(user);
    std::string_view const hash = found != nullptr ? *found : all->decoy();
    auto const key = cache_.key_of(user, hash, password);
    return {std::move(all), hash, found != nullptr, key};
}

bool password_checker::remembers(question const &q) {
    std::lock_guard const lock(mutex_);
    return q.is_user && cache_.has(q.key, clock::now());
}

bool password_checker::remembers(std::string_view user, std::string_view password) {
    return remembers(ask(user, password));
}

bool password_checker::is_right(std::string_view user, std::string_view password) {
    auto const q = ask(user, password);
    if (remembers(q)) return true;
    hashes_.fetch_add(1, std::memory_order_relaxed);
    bool const matches = bcrypt_matches(q.hash, password);
    if (!matches || !q.is_user) return false;
    std::lock_guard const lock(mutex_);
    cache_.add(q.key, clock::now());
    return true;
}

std::optional<std::string> password_checker::recall(std::string_view encoded) {
    auto const key = cache_.key_of(encoded);
    auto const now = clock::now();
    std::lock_guard const lock(mutex_);
    auto const *user = cache_.user_of(key, now);
    return user != nullptr ? std::optional(*user) : std::nullopt;
}

// With the table of this moment: the one that the password was checked with may be an old one.
void password_checker::recognise(std::string_view encoded, std::string_view user, std::string_view password) {
    auto const key = cache_.key_of(encoded);
    std::lock_guard const lock(mutex_);
    auto const *hash = table_->find(user);
    if (hash == nullptr) return;
    auto const login = cache_.key_of(user, *hash, password);
    if (cache_.has(login, clock::now())) cache_.link(key, user, login);
}

// The file, looked at by one job at a time.
class htpasswd_users::watch {
  public:
    watch(std::string path, file_stamp const &holds, std::shared_ptr<password_checker> checker, logger const &log,
          clock::duration longest_look)
        : path_(std::move(path)),
          current_(holds),
          seen_(holds),
          checker_(std::move(checker)),
          log_(log),
          longest_look_(longest_look) {}

    // Whether a job may begin.
    [[nodiscard]] bool begin() noexcept {
        if (busy_.exchange(true, std::memory_order_acquire)) return false;
        began_ = clock::now();
        return true;
    }
    void end() noexcept {
        began_ = clock::time_point();
        busy_.store(false, std::memory_order_release);
    }

    [[nodiscard]] clock::duration stalled_for() const noexcept {
        auto const began = began_.load();
        return began == clock::time_point() ? clock::duration::zero() : clock::now() - began;
    }

    // Reports once that the job does not end.
    void complain_if_stalled() {
        auto const stalled_time = stalled_for();
        if (stalled_time < longest_look_ || stall_logged_.exchange(true)) return;
        log_.error("password file ", path_, ": reading it has taken ",
                   std::chrono::duration_cast<std::chrono::seconds>(stalled_time).count(),
                   " s: its disk is stalled. The previous users remain valid");
    }

    // The job.
    void look() noexcept {
        try {
            compare();
            if (stall_logged_.exchange(false)) log_.info("password file ", path_, ": its disk responds again");
        } catch (std::exception const &) { // no memory: the next look tries again, and logs
            logged_.reset();
        }
        end();
    }

  private:
    using failure = std::pair<std::optional<file_stamp>, std::string>;

    void compare() {
        auto const now = stamp_of(path_);
        bool const is_unchanged = now == std::exchange(seen_, now);
        if (now == current_)
            still_holds();
        else if (is_unchanged) // otherwise it may be half written
            read(now);
    }

    // The file is the one that was read before; worth a record only after an error.
    void still_holds() {
        auto const n = checker_->users();
        if (std::exchange(logged_, std::nullopt)) log_.info("password file ", path_, ": valid again, ", n, noun(n));
    }

    void read(std::optional<file_stamp> const &now) {
        try {
            auto found = read_htpasswd(path_);
            current_ = found.stamp;
            if (!checker_->replace(std::move(found.table))) return still_holds(); // the content is the same
            logged_.reset();
            auto const n = checker_->users();
            log_.info("password file ", path_, ": read again, ", n, noun(n));
        } catch (htpasswd_error const &e) {
            failure error(now, in_a_line(e));
            if (logged_ == error) return;
            auto const n = checker_->users();
            log_.error("password file not accepted: ", error.second, ". The previous ", n, noun(n),
                       n == 1 ? " remains" : " remain", " valid");
            logged_ = std::move(error);
        }
    }

    static std::string_view noun(std::size_t n) noexcept { return n == 1 ? " user" : " users"; }

    std::string path_;
    file_stamp current_;
    std::optional<file_stamp> seen_; // at the last look; nothing: there was no file
    std::optional<failure> logged_;  // the last error
    std::shared_ptr<password_checker> checker_;
    logger const &log_;
    clock::duration longest_look_;
    std::atomic<bool> busy_ = false;
    std::atomic<bool> stall_logged_ = false;
    std::atomic<clock::time_point> began_{}; // the look that is under way; zero: there is none
};

htpasswd_users::htpasswd_users(std::string path, htpasswd_file first, worker_pool &checks, worker_pool &files,
                               clients &known, login_trail *trail, logger const &log, htpasswd_limits limits)
    : users(trail),
      checks_(checks),
      files_(files),
      clients_(known),
      turns_(limits.turns),
      checker_(std::make_shared<password_checker>(std::move(first.table), limits.remembered)),
      watch_(std::make_shared<watch>(std::move(path), first.stamp, checker_, log, limits.longest_look)) {}

void htpasswd_users::refuse_while_it_backs_off(client_network who) const {
    auto const wait = std::chrono::ceil<std::chrono::seconds>(clients_.back_off(who));
    if (wait.count() == 0) return;
    throw http_error(429, concat("Too many logins from your address failed. Try again in ", wait.count(),
                                 wait.count() == 1 ? " second." : " seconds."))
        .add("Retry-After", std::to_string(wait.count()));
}

std::optional<std::string> htpasswd_users::recall(request const &rq, std::string_view encoded) const {
    auto user = checker_->recall(encoded);
    if (user && clients_.any_failures()) clients_.login_succeeded(client_network(rq.client()));
    return user;
}

task<bool> htpasswd_users::is_right(request const &rq, std::string_view user, std::string_view password) const {
    bool const is_possible = password.size() <= longest_password && password.find('\0') == password.npos;
    auto const is_remembered = [&] { return is_possible && checker_->remembers(user, password); };
    if (is_remembered()) {
        if (clients_.any_failures()) clients_.login_succeeded(client_network(rq.client()));
        co_return true;
    }
    client_network const who(rq.client());
    refuse_while_it_backs_off(who);
    if (!is_possible) {
        clients_.login_failed(who);
        co_return false;
    }
    auto turn = co_await turns_.wait(who, user, clients_.failures(who) != 0);
    // Earlier turns of this client may have changed both.
    if (is_remembered()) co_return true;
    refuse_while_it_backs_off(who);
    auto work = [checker = checker_, &known = clients_, who, turn = std::move(turn), name = std::string(user),
                 secret = wiped_text(password)]() mutable {
        auto held = std::move(turn); // until the end of this call
        if (checker->is_right(name, secret.view())) {
            known.login_succeeded(who);
            return true;
        }
        known.login_failed(who);
        held.failed();
        return false;
    };
    co_return co_await offload(checks_, std::move(work));
}

void htpasswd_users::look_again() noexcept {
    try {
        if (!watch_->begin()) return watch_->complain_if_stalled();
    } catch (std::exception const &) { // no memory: tried again in a second
        return;
    }
    try {
        files_.submit([w = watch_]() noexcept { w->look(); });
    } catch (std::exception const &) { // as above
        watch_->end();
    }
}

std::chrono::steady_clock::duration htpasswd_users::stalled_for() const noexcept { return watch_->stalled_for(); }

void htpasswd_users::give_up() noexcept { turns_.close(); }

} // namespace phial
