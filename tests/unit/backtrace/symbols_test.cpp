// Compiled with -g1, so that it has lines.
#include "phial/backtrace/symbols.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace phial::symbols_test {
constexpr int own_line = __LINE__ + 1;
[[gnu::noinline]] int own_function(int n) { return n + 1; }

[[gnu::noinline]] std::uintptr_t address_of_call() {
    return reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) - 1;
}
constexpr int inlined_line = __LINE__ + 1;
[[gnu::always_inline]] inline std::uintptr_t inlined_function() { return address_of_call(); }
constexpr int outer_line = __LINE__ + 1;
[[gnu::noinline]] std::uintptr_t outer_function() { return inlined_function(); }
} // namespace phial::symbols_test

using namespace phial;

namespace {

[[gnu::noinline]] int other_function(int n) { return n + 2; }

template <class F>
std::uintptr_t address_in(F *function) {
    return reinterpret_cast<std::uintptr_t>(function) + 1;
}

stack_frame look_up(std::uintptr_t address) {
    std::uintptr_t const addresses[] = {address};
    return symbolise(addresses).at(0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(symbols)

BOOST_AUTO_TEST_CASE(a_function_of_the_service_is_found_with_its_line) {
    auto const frame = look_up(address_in(symbols_test::own_function));
    BOOST_TEST(frame.function == "phial::symbols_test::own_function(int)");
    BOOST_TEST(frame.offset == 1U);
    BOOST_TEST(frame.own);
    BOOST_TEST(frame.in_program);
    BOOST_TEST(frame.file.ends_with("/backtrace_tests"));
    BOOST_TEST(frame.source.ends_with("/symbols_test.cpp"));
    BOOST_TEST(frame.line == static_cast<unsigned>(symbols_test::own_line));
}

BOOST_AUTO_TEST_CASE(a_function_that_was_inlined_is_a_frame_with_the_line_of_its_call_in_the_next_one) {
    std::uintptr_t const addresses[] = {symbols_test::outer_function()};
    auto const stack = symbolise(addresses);
    BOOST_TEST_REQUIRE(stack.size() == 2U);
    struct {
        std::string function;
        int line;
        bool is_inlined;
    } const expected[] = {
        {"phial::symbols_test::inlined_function()", symbols_test::inlined_line, true},
        {"phial::symbols_test::outer_function()", symbols_test::outer_line, false},
    };
    for (std::size_t i = 0; i < stack.size(); ++i) {
        BOOST_TEST_CONTEXT(i) {
            BOOST_TEST(stack[i].function == expected[i].function);
            BOOST_TEST(stack[i].line == static_cast<unsigned>(expected[i].line));
            BOOST_TEST(stack[i].source.ends_with("/symbols_test.cpp"));
            BOOST_TEST(stack[i].is_inlined == expected[i].is_inlined);
            BOOST_TEST(stack[i].own);
            BOOST_TEST(stack[i].address == stack[0].address);
        }
    }
    BOOST_TEST(addr2line_command(stack).ends_with("/backtrace_tests " + hex(stack[0].address))); // once
}

BOOST_AUTO_TEST_CASE(another_function_of_the_program_is_not_the_services_own) {
    auto const frame = look_up(address_in(other_function));
    BOOST_TEST(frame.function == "(anonymous namespace)::other_function(int)");
    BOOST_TEST(!frame.own);
    BOOST_TEST(frame.in_program);
}

BOOST_AUTO_TEST_CASE(a_function_of_a_shared_library_is_found_in_that) {
    auto const frame = look_up(address_in(::getppid));
    BOOST_TEST(frame.function.find("getppid") != std::string::npos);
    BOOST_TEST(!frame.own);
    BOOST_TEST(!frame.in_program);
    BOOST_TEST(frame.file.find("libc") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_nothing_is_nothing_is_found) {
    for (std::uintptr_t const address : {std::uintptr_t{0}, std::uintptr_t{1}, ~std::uintptr_t{0}}) {
        BOOST_TEST_CONTEXT(address) {
            auto const frame = look_up(address);
            BOOST_TEST(frame.function.empty());
            BOOST_TEST(frame.source.empty());
            BOOST_TEST(frame.line == 0U);
            BOOST_TEST(frame.file.empty());
            BOOST_TEST(!frame.own);
            BOOST_TEST(!frame.in_program);
            BOOST_TEST(frame.address == address);
        }
    }
    BOOST_TEST(symbolise({}).empty());
}

BOOST_AUTO_TEST_CASE(the_command_holds_the_addresses_of_the_program) {
    std::uintptr_t const addresses[] = {address_in(other_function), address_in(::getppid), 1};
    auto const stack = symbolise(addresses);
    auto const command = addr2line_command(stack);
    BOOST_TEST(command.starts_with("addr2line -Cfpie /"));
    BOOST_TEST(command.ends_with("/backtrace_tests " + hex(stack[0].address)));
    BOOST_TEST(addr2line_command({}) == "");
}

BOOST_AUTO_TEST_CASE(a_coroutine_is_found_by_the_symbol_of_its_body) {
    struct {
        std::string_view symbol, function;
    } const cases[] = {
        {"", ""},
        {"main", "main"},
        {"_ZN5phial4loop3runEv", "_ZN5phial4loop3runEv"},
        {"_ZN5phial1fEPZNS_1fEiE11_Z1fi.Frame.actor", "_Z1fi"},
        {"_ZN5phial1fEPZNS_1fEiE15_ZN5phial1fEi.Frame.actor", "_ZN5phial1fEPZNS_1fEiE15_ZN5phial1fEi.Frame.actor"},
        {"_ZN5phial1fEPZNS_1fEiE19_ZN5phial1fEi.Frame.destroy", "_ZN5phial1fEi"},
        {"_ZN5phial1fEPZNS_1fEiE18_ZN5phial1fEi.Frame.actor.cold",
         "_ZN5phial1fEPZNS_1fEiE18_ZN5phial1fEi.Frame.actor.cold"},
        {"_ZN5phial10connection14let_others_runEPZNS0_14let_others_runEvE45_ZN5phial10connection14let_others_runEv."
         "Frame.actor.cold",
         "_ZN5phial10connection14let_others_runEv"},
        {".Frame.", ".Frame."},
        {"_Z.Frame.actor", "_Z.Frame.actor"},
        {"_ZN99999999999999999999999_Z1fi.Frame.actor", "_ZN99999999999999999999999_Z1fi.Frame.actor"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.symbol) { BOOST_TEST(function_of_symbol(c.symbol) == c.function); }
    }
}

BOOST_AUTO_TEST_CASE(own_functions_are_those_of_namespace_phial_and_main) {
    struct {
        std::string_view mangled;
        bool own;
    } const cases[] = {
        {"_ZN5phial4loop3runEv", true},
        {"_ZNK5phial7handler6calleeINS_6routerEE4callERNS_7requestE", true},
        {"_ZN5phial12_GLOBAL__N_14failERNS_7requestE", true},
        {"_ZZN5phial4loop3runEvENKUlvE_clEv", true},
        {"_ZN5boost4asio8dispatchIN5phial4loopEEEvv", false},
        {"_ZNSt8functionIFvN5phial7requestEEEclEv", false},
        {"_ZN6phial24loop3runEv", false},
        {"_ZL5phialv", false},
        {"main", true},
        {"main2", false},
        {"", false},
        {"_Z", false},
        {"_ZZ", false},
        {"_ZN", false},
        {"_ZNK", false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.mangled) { BOOST_TEST(is_own_function(c.mangled) == c.own); }
    }
}

BOOST_AUTO_TEST_CASE(addresses_are_hexadecimal) {
    BOOST_TEST(hex(0) == "0x0");
    BOOST_TEST(hex(0xBEEF) == "0xbeef");
    BOOST_TEST(hex(~std::uintptr_t{0}) == "0xffffffffffffffff");
}

BOOST_AUTO_TEST_SUITE_END()
