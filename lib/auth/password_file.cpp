// What runs on which pool.
#include "phial/auth/password_file.hpp"

#include "phial/auth/bcrypt.hpp"
#include "phial/auth/password_checker.hpp"
#include "phial/auth/wiped_text.hpp"
#include "phial/http/http_error.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace phial {
namespace {

using clock = std::chrono::steady_clock;

// How many mistakes one record of the log tells.
constexpr std::size_t told_mistakes = 5;

std::string in_a_line(password_error const &e) {
    auto const &all = e.mistakes();
    std::string out;
    for (std::size_t i = 0; i < std::min(all.size(), told_mistakes); ++i) out += (i == 0 ? "" : "; ") + all[i];
    if (auto const more = all.size() + e.more() - std::min(all.size(), told_mistakes); more != 0)
        out += concat("; and ", more, " more");
    return out;
}

} // namespace

// What checks on the pool need.
struct password_file::shared {
    shared(std::shared_ptr<password_table const> table, clock::duration remembered)
        : checker(std::move(table), remembered) {}

    password_checker checker;
};

// The file as it was, for one job at a time.
class password_file::watch {
  public:
    watch(std::string path, file_stamp const &holds, std::shared_ptr<shared> tells, logger const &log,
          clock::duration longest_look)
        : path_(std::move(path)),
          holds_(holds),
          seen_(holds),
          tells_(std::move(tells)),
          log_(log),
          longest_look_(longest_look) {}

    // Whether the one job may begin.
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

    // Says once that the job does not end.
    void complain_if_stalled() {
        auto const so_long = stalled_for();
        if (so_long < longest_look_ || stall_told_.exchange(true)) return;
        log_.error("password file ", path_, ": a look at it has had no answer for ",
                   std::chrono::duration_cast<std::chrono::seconds>(so_long).count(),
                   " s: its disk stands still. The users read before still hold");
    }

    // The job.
    void look() noexcept {
        try {
            compare();
            if (stall_told_.exchange(false)) log_.info("password file ", path_, ": its disk answers again");
        } catch (std::exception const &) { // no memory: the next second may have some, for the record as well
            told_.reset();
        }
        end();
    }

  private:
    using failure = std::pair<std::optional<file_stamp>, std::string>;

    void compare() {
        auto const now = stamp_of(path_);
        bool const stands_still = now == std::exchange(seen_, now);
        if (now == holds_)
            still_holds();
        else if (stands_still) // else somebody may be writing it
            read(now);
    }

    // What was read before: that is news only behind trouble.
    void still_holds() {
        auto const n = tells_->checker.users();
        if (std::exchange(told_, std::nullopt)) log_.info("password file ", path_, ": right again, ", n, noun(n));
    }

    void read(std::optional<file_stamp> const &now) {
        try {
            auto found = read_passwords(path_);
            holds_ = found.stamp;
            if (!tells_->checker.replace(std::move(found.table))) return still_holds(); // it was only touched
            told_.reset();
            auto const n = tells_->checker.users();
            log_.info("password file ", path_, ": read again, ", n, noun(n));
        } catch (password_error const &e) {
            failure what(now, in_a_line(e));
            if (told_ == what) return;
            auto const n = tells_->checker.users();
            log_.error("password file not taken: ", what.second, ". The ", n, noun(n), " read before still hold");
            told_ = std::move(what);
        }
    }

    static std::string_view noun(std::size_t n) noexcept { return n == 1 ? " user" : " users"; }

    std::string path_;
    file_stamp holds_;
    std::optional<file_stamp> seen_; // at the last look; nothing: no file
    std::optional<failure> told_;    // what was logged last
    std::shared_ptr<shared> tells_;
    logger const &log_;
    clock::duration longest_look_;
    std::atomic<bool> busy_ = false;
    std::atomic<bool> stall_told_ = false;
    std::atomic<clock::time_point> began_{}; // the look that is under way; zero: none is
};

password_file::password_file(std::string path, password_reading first, worker_pool &checks, worker_pool &files,
                             clients &known, logger const &log, password_limits limits)
    : checks_(checks),
      files_(files),
      clients_(known),
      line_(limits.line),
      shared_(std::make_shared<shared>(std::move(first.table), limits.remembered)),
      watch_(std::make_shared<watch>(std::move(path), first.stamp, shared_, log, limits.longest_look)) {}

void password_file::refuse_while_it_backs_off(client_network who) const {
    auto const wait = std::chrono::ceil<std::chrono::seconds>(clients_.back_off(who));
    if (wait.count() == 0) return;
    throw http_error(429, concat("Too many logins from your address failed. Try again in ", wait.count(),
                                 wait.count() == 1 ? " second." : " seconds."))
        .add("Retry-After", std::to_string(wait.count()));
}

task<bool> password_file::check(request const &rq, std::string_view user, std::string_view password) const {
    bool const is_possible = password.size() <= longest_password && password.find('\0') == password.npos;
    auto const is_remembered = [&] { return is_possible && shared_->checker.remembers(user, password); };
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
    auto turn = co_await line_.wait(who, user, clients_.failures(who) != 0);
    // Its turns before may have changed both.
    if (is_remembered()) co_return true;
    refuse_while_it_backs_off(who);
    auto work = [with = shared_, &known = clients_, who, turn = std::move(turn), name = std::string(user),
                 secret = wiped_text(password)]() mutable {
        auto until_the_end = std::move(turn);
        if (with->checker.is_right(name, secret.view())) {
            known.login_succeeded(who);
            return true;
        }
        known.login_failed(who);
        until_the_end.failed();
        return false;
    };
    co_return co_await offload(checks_, std::move(work));
}

void password_file::look_again() noexcept {
    try {
        if (!watch_->begin()) return watch_->complain_if_stalled();
    } catch (std::exception const &) { // no memory: the next second may have some
        return;
    }
    try {
        files_.submit([w = watch_]() noexcept { w->look(); });
    } catch (std::exception const &) { // as above
        watch_->end();
    }
}

std::chrono::steady_clock::duration password_file::stalled_for() const noexcept { return watch_->stalled_for(); }

void password_file::give_up() noexcept { line_.close(); }

std::uint64_t password_file::hashes() const noexcept { return shared_->checker.hashes(); }

} // namespace phial
