// The reserve of operator new, in a process of its own that has no memory left.
#include "phial/hooks/memory_reserve.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace phial;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

// Runs `check` where malloc has nothing left; 0 when it returned true.
int without_memory(std::function<bool()> const &check) {
    auto const child = ::fork();
    if (child == 0) {
        rlimit none{};
        ::setrlimit(RLIMIT_AS, &none);
        for (std::size_t size = 1U << 20; size >= 16; size /= 2)
            while (std::malloc(size) != nullptr) {
            }
        ::_exit(check() ? 0 : 1);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

bool throws(std::size_t size) {
    try {
        ::operator delete(::operator new(size));
        return false;
    } catch (std::bad_alloc const &) {
        return true;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_reserve)

BOOST_AUTO_TEST_CASE(it_serves_small_blocks_when_there_is_no_memory_and_takes_them_back) {
    if (is_sanitized) {
        BOOST_TEST_MESSAGE("skipped: the sanitizers have an operator new of their own");
        return;
    }
    BOOST_TEST(without_memory([] {
                   void *const small = ::operator new(2048);
                   bool const served = throws(2049) && !memory_reserve_is_low();
                   ::operator delete(small);
                   return served;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(it_has_an_end_and_blocks_that_came_back_are_served_again) {
    if (is_sanitized) {
        BOOST_TEST_MESSAGE("skipped: the sanitizers have an operator new of their own");
        return;
    }
    BOOST_TEST(without_memory([] {
                   struct node {
                       node *next;
                   };
                   for (int round = 0; round < 2; ++round) {
                       node *all = nullptr;
                       std::size_t count = 0;
                       try {
                           for (;; ++count) {
                               if (memory_reserve_is_low() != (count > 512)) return false;
                               all = new node{all};
                           }
                       } catch (std::bad_alloc const &) { // NOLINT(bugprone-empty-catch): the end
                       }
                       while (all != nullptr) delete std::exchange(all, all->next);
                       if (count != 2048 || memory_reserve_is_low()) return false;
                   }
                   return true;
               }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
