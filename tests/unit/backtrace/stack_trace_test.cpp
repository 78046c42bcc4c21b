#include "phial/backtrace/stack_trace.hpp"
#include "phial/backtrace/symbols.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

template <class F>
std::exception_ptr thrown_by(F f) {
    try {
        f();
    } catch (...) {
        return std::current_exception();
    }
    return {};
}

[[gnu::noinline]] void throw_text() { throw std::runtime_error("text"); }
[[gnu::noinline]] void throw_number() { throw 42; }
[[gnu::noinline]] void throw_at_depth(int n) { // NOLINT(misc-no-recursion)
    if (n == 0) throw std::runtime_error("deep");
    throw_at_depth(n - 1);
    BOOST_TEST_MESSAGE("never"); // prevents a tail call
}

// The function that threw the exception; empty when it is not known.
std::string thrower(std::exception_ptr const &thrown) {
    auto const stack = symbolise(stack_of(thrown));
    return stack.empty() ? "" : stack.front().function;
}

bool names(std::string const &function, std::string_view part) { return function.find(part) != std::string::npos; }

struct counted {
    explicit counted(int &n) : destroyed(&n) {}
    counted(counted const &) = default;
    counted &operator=(counted const &) = default;
    ~counted() { ++*destroyed; }
    int *destroyed;
};

} // namespace

BOOST_AUTO_TEST_SUITE(stack_trace)

BOOST_AUTO_TEST_CASE(nothing_is_recorded_while_capture_is_off) {
    BOOST_TEST(stack_of(thrown_by(throw_text)).empty());
    {
        stack_capture const off(false);
        BOOST_TEST(stack_of(thrown_by(throw_text)).empty());
    }
    {
        stack_capture const on(true);
    }
    BOOST_TEST(stack_of(thrown_by(throw_text)).empty());
    BOOST_TEST(stack_of(nullptr).empty());
}

BOOST_AUTO_TEST_CASE(a_stack_begins_with_the_function_that_threw_and_holds_its_callers) {
    stack_capture const on(true);
    auto const stack = symbolise(stack_of(thrown_by([] { throw_at_depth(2); })));
    BOOST_TEST_REQUIRE(stack.size() > 4U);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST_CONTEXT(i) BOOST_TEST(names(stack[i].function, "throw_at_depth"));
    BOOST_TEST(names(stack[3].function, "test_method"));
}

BOOST_AUTO_TEST_CASE(each_exception_has_its_own_stack) {
    stack_capture const on(true);
    auto const text = thrown_by(throw_text);
    auto const number = thrown_by(throw_number);
    auto const within = thrown_by([] {
        auto const inner = thrown_by(throw_text);
        throw_number();
    });
    BOOST_TEST(names(thrower(text), "throw_text"));
    BOOST_TEST(names(thrower(number), "throw_number"));
    BOOST_TEST(names(thrower(within), "throw_number"));
}

BOOST_AUTO_TEST_CASE(rethrowing_and_copying_leave_the_stack_as_it_is) {
    stack_capture const on(true);
    auto const text = thrown_by(throw_text);
    auto const again = thrown_by([&] { std::rethrow_exception(text); });
    auto const from_catch = thrown_by([&] {
        try {
            throw_text();
        } catch (std::exception const &) {
            (void)thrown_by(throw_number); // another exception in between
            throw;
        }
    });
    BOOST_TEST((again == text));
    BOOST_TEST(names(thrower(again), "throw_text"));
    BOOST_TEST(names(thrower(from_catch), "throw_text"));
}

BOOST_AUTO_TEST_CASE(the_stack_comes_along_from_another_thread) {
    stack_capture const on(true);
    std::exception_ptr thrown;
    std::jthread([&] { thrown = thrown_by(throw_text); }).join();
    BOOST_TEST(names(thrower(thrown), "throw_text"));

    worker_pool pool(1);
    auto const offloaded = thrown_by([&] { run(offload(pool, throw_number)); });
    BOOST_TEST(names(thrower(offloaded), "throw_number"));
}

BOOST_AUTO_TEST_CASE(of_a_deep_stack_the_innermost_frames_are_kept) {
    stack_capture const on(true);
    auto const thrown = thrown_by([] { throw_at_depth(200); });
    BOOST_TEST(stack_of(thrown).size() == stack_capture::most_frames);
    BOOST_TEST(names(thrower(thrown), "throw_at_depth"));
}

BOOST_AUTO_TEST_CASE(a_record_ends_with_its_exception) {
    stack_capture const on(true);
    for (std::size_t i = 0; i < 2 * stack_capture::most_exceptions; ++i)
        BOOST_TEST_CONTEXT(i) BOOST_TEST(!stack_of(thrown_by(throw_text)).empty());
}

BOOST_AUTO_TEST_CASE(above_the_bound_exceptions_have_no_stack_and_work_all_the_same) {
    stack_capture const on(true);
    std::vector<std::exception_ptr> alive;
    for (std::size_t i = 0; i < stack_capture::most_exceptions; ++i) alive.push_back(thrown_by(throw_text));
    BOOST_TEST(!stack_of(alive.back()).empty());
    auto const one_more = thrown_by(throw_text);
    BOOST_TEST(bool(one_more));
    BOOST_TEST(stack_of(one_more).empty());
    alive.pop_back();
    BOOST_TEST(!stack_of(thrown_by(throw_text)).empty());
}

BOOST_AUTO_TEST_CASE(an_exception_that_was_not_thrown_has_none_even_where_another_one_was) {
    stack_capture const on(true);
    for (int i = 0; i < 100; ++i) {
        (void)thrown_by(throw_text);
        BOOST_TEST(stack_of(std::make_exception_ptr(std::runtime_error("text"))).empty());
    }
}

BOOST_AUTO_TEST_CASE(exceptions_are_destroyed_as_ever) {
    stack_capture const on(true);
    int destroyed = 0;
    auto kept = thrown_by([&] { throw counted(destroyed); });
    BOOST_TEST(destroyed == 0);
    kept = nullptr;
    BOOST_TEST(destroyed == 1);
}

BOOST_AUTO_TEST_CASE(an_exception_may_outlive_the_capture) {
    int destroyed = 0;
    std::exception_ptr kept;
    {
        stack_capture const on(true);
        kept = thrown_by([&] { throw counted(destroyed); });
    }
    BOOST_TEST(!stack_of(kept).empty());
    BOOST_TEST(destroyed == 0);
    kept = nullptr;
    BOOST_TEST(destroyed == 1);
}

BOOST_AUTO_TEST_CASE(threads_throw_at_the_same_time) {
    stack_capture const on(true);
    constexpr int threads = 4;
    constexpr int throws = 500;
    std::vector<int> right(threads);
    {
        std::vector<std::jthread> all;
        for (auto &n : right)
            all.emplace_back([&n] {
                for (int i = 0; i < throws; ++i) {
                    int destroyed = 0;
                    {
                        auto const thrown = thrown_by([&] { throw counted(destroyed); });
                        n += stack_of(thrown).size() > 1 ? 1 : 0;
                    }
                    n -= destroyed == 1 ? 0 : throws;
                }
            });
    }
    for (auto const n : right) BOOST_TEST(n == throws);
}

BOOST_AUTO_TEST_SUITE_END()
