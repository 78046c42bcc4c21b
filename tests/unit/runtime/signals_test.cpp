#include "phial/runtime/signals.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace phial;

namespace {

bool is_blocked_here(int signal) {
    sigset_t now;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &now);
    return ::sigismember(&now, signal) == 1;
}

// The signals that a watcher got.
class told {
  public:
    void add(int signal) {
        std::lock_guard const lock(mutex_);
        signals_.push_back(signal);
        thread_ = std::this_thread::get_id();
        changed_.notify_all();
    }
    std::vector<int> wait_for(std::size_t n) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(10), [&] { return signals_.size() >= n; });
        return signals_;
    }
    std::thread::id thread() {
        std::lock_guard const lock(mutex_);
        return thread_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> signals_;
    std::thread::id thread_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(process_signals)

BOOST_AUTO_TEST_CASE(the_named_ones_are_blocked_here_and_in_the_threads_started_from_here) {
    BOOST_TEST_REQUIRE(!is_blocked_here(SIGUSR1));
    {
        blocked_signals const blocked({SIGUSR1, SIGUSR2});
        bool there = false;
        std::thread([&there] { there = is_blocked_here(SIGUSR1) && is_blocked_here(SIGUSR2); }).join();
        BOOST_TEST(is_blocked_here(SIGUSR1));
        BOOST_TEST(there);
        BOOST_TEST(!is_blocked_here(SIGTERM));
    }
    BOOST_TEST(!is_blocked_here(SIGUSR1));
    BOOST_TEST(!is_blocked_here(SIGUSR2));
}

BOOST_AUTO_TEST_CASE(the_watcher_gets_each_on_a_separate_thread) {
    blocked_signals const blocked({SIGUSR1, SIGUSR2});
    told of;
    signal_watcher const watcher(blocked, [&of](int signal) { of.add(signal); });
    ::kill(::getpid(), SIGUSR1);
    BOOST_TEST((of.wait_for(1) == std::vector{SIGUSR1}));
    ::kill(::getpid(), SIGUSR2);
    BOOST_TEST((of.wait_for(2) == std::vector{SIGUSR1, SIGUSR2}));
    ::kill(::getpid(), SIGUSR1);
    BOOST_TEST((of.wait_for(3) == std::vector{SIGUSR1, SIGUSR2, SIGUSR1}));
    BOOST_TEST((of.thread() != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(what_came_before_the_watcher_waits_for_it) {
    blocked_signals const blocked({SIGUSR1});
    ::kill(::getpid(), SIGUSR1);
    told of;
    signal_watcher const watcher(blocked, [&of](int signal) { of.add(signal); });
    BOOST_TEST((of.wait_for(1) == std::vector{SIGUSR1}));
}

BOOST_AUTO_TEST_CASE(a_watcher_that_ends_tells_nothing_and_what_comes_then_waits_for_the_next) {
    blocked_signals const blocked({SIGUSR1, SIGUSR2});
    told first;
    {
        signal_watcher const watcher(blocked, [&first](int signal) { first.add(signal); });
    }
    ::kill(::getpid(), SIGUSR2);
    told second;
    {
        signal_watcher const watcher(blocked, [&second](int signal) { second.add(signal); });
        BOOST_TEST((second.wait_for(1) == std::vector{SIGUSR2}));
    }
    BOOST_TEST(first.wait_for(0).empty());
    BOOST_TEST(second.wait_for(1).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_comes_while_a_watcher_ends_is_for_the_next) {
    blocked_signals const blocked({SIGUSR1, SIGUSR2});
    told of;
    auto const add = [&of](int signal) { of.add(signal); };
    for (std::size_t i = 1; i <= 200; ++i) {
        {
            signal_watcher const one(blocked, add);
            ::kill(::getpid(), SIGUSR2);
        }
        signal_watcher const next(blocked, add);
        BOOST_TEST_REQUIRE(of.wait_for(i).size() == i);
    }
}

BOOST_AUTO_TEST_SUITE_END()
