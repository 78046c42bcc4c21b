// Mounting blueprints, and what cannot be mounted.
#include "unit/routing/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace phial;
using namespace phial::testing;

BOOST_AUTO_TEST_SUITE(mounting)

BOOST_AUTO_TEST_CASE(a_prefix_goes_before_every_pattern_of_its_blueprint) {
    blueprint shop("/shop");
    shop.get<"/">(say<"index">);
    shop.get<"/<s>">(say_text<"item">);
    blueprint deep("/shop/old/\u00E9");
    deep.get<"/x">(say<"old x">);
    blueprint plain;
    plain.get<"/shop">(say<"plain">);
    auto const h = routed(std::move(shop), std::move(deep), std::move(plain));
    BOOST_TEST(ask(h, "GET", "/shop/") == "200 index");
    BOOST_TEST(ask(h, "GET", "/shop/tea") == "200 item=tea");
    BOOST_TEST(ask(h, "GET", "/shop/old/%C3%A9/x") == "200 old x");
    BOOST_TEST(ask(h, "GET", "/shop") == "200 plain");
    BOOST_TEST(ask(h, "GET", "/tea") == "404");
}

BOOST_AUTO_TEST_CASE(names_are_unique_among_all_addresses) {
    constexpr route<"/a", "name"> first;
    constexpr route<"/b", "name"> second;
    constexpr route<"/a", "other name"> renamed;
    auto const one = [](auto r, std::string prefix = {}) {
        blueprint bp(std::move(prefix));
        bp.get(r, say<"x">);
        return bp;
    };
    BOOST_CHECK_EXCEPTION(routed(one(first), one(second)), std::invalid_argument, [](std::invalid_argument const &e) {
        std::string_view const what = e.what();
        return what.find("'name'") != what.npos && what.find("/a") != what.npos && what.find("/b") != what.npos;
    });
    BOOST_CHECK_THROW(routed(one(first), one(first, "/v2")), std::invalid_argument);
    BOOST_CHECK_THROW(routed(one(first), one(renamed)), std::invalid_argument); // GET /a twice

    blueprint both;
    both.get(first, say<"get">);
    both.post(first, say<"post">);
    auto const h = routed(std::move(both));
    BOOST_TEST(ask(h, "GET", "/a") == "200 get");
    BOOST_TEST(ask(h, "POST", "/a") == "200 post");
}

BOOST_AUTO_TEST_CASE(a_method_and_address_have_one_handler) {
    auto const mounting = [](void (*add)(blueprint &), std::string prefix = {}) {
        blueprint taken;
        taken.get<"/a/<int:n>">(say_int);
        taken.post<"/b">(say<"b">);
        blueprint more(std::move(prefix));
        add(more);
        routed(std::move(taken), std::move(more));
    };
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.get<"/a/<int:n>">(say_int); }), std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.get<"/a/<int:other>">(say_int); }), std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.get<"/<int:n>">(say_int); }, "/a"), std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.route<"/b">({method::put, method::post}, say<"b">); }),
                      std::invalid_argument);
    BOOST_CHECK_THROW(mounting([](blueprint &bp) { bp.route<"/a/<int:n>">({method::head}, say_int); }),
                      std::invalid_argument); // GET has brought it
    BOOST_CHECK_NO_THROW(mounting([](blueprint &bp) { bp.get<"/a/<n>">(say_text<"text">); }));
    BOOST_CHECK_NO_THROW(mounting([](blueprint &bp) { bp.get<"/b">(say<"b">); }));
    BOOST_CHECK_NO_THROW(mounting([](blueprint &bp) { bp.get<"/a/<int:n>">(say_int); }, "/v2"));
    BOOST_CHECK_EXCEPTION(mounting([](blueprint &bp) { bp.post<"/b">(say<"b">); }), std::invalid_argument,
                          [](auto const &e) { return std::string(e.what()).find("POST /b") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_handler_that_could_never_be_reached_is_refused) {
    for (auto const allowed : {methods{method::head}, methods{method::post, method::head}, methods{method::connect}}) {
        BOOST_TEST_CONTEXT(allowed.to_string()) {
            blueprint bp;
            bp.route<"/x">(allowed, [](request &) -> task<response> { co_return text(); });
            router routes;
            BOOST_CHECK_THROW(routes.mount(std::move(bp)), std::invalid_argument);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_empty_pattern_is_the_prefix_itself) {
    blueprint bp("/books");
    bp.get<"">(say<"all">);
    bp.get<"/">(say<"slash">);
    bp.get<"/<int:n>">(say_int);
    handler const served = routed(std::move(bp));
    auto const body_of = [&](std::string target) {
        fake_request rq("GET", std::move(target));
        return call(served, rq).body();
    };
    BOOST_TEST(body_of("/books") == "all");
    BOOST_TEST(body_of("/books/") == "slash");
    BOOST_TEST(body_of("/books/7") == "int=7");
    blueprint without_prefix;
    without_prefix.get<"">(say<"all">);
    BOOST_CHECK_THROW(routed(std::move(without_prefix)), std::invalid_argument);
}

struct wanted {
    int n;
};

BOOST_AUTO_TEST_CASE(a_body_is_for_methods_that_have_one) {
    auto const mounting = [](methods allowed) {
        blueprint bp;
        bp.route<"/x">(allowed, [](request &, body<wanted>) -> task<response> { co_return text(); });
        router routes;
        routes.mount(std::move(bp));
    };
    BOOST_CHECK_EXCEPTION(mounting({method::get}), std::invalid_argument, [](std::invalid_argument const &e) {
        return std::string_view(e.what()) ==
               "/x: its handler declares a body, and of GET only POST, PUT and PATCH have one";
    });
    BOOST_CHECK_THROW(mounting({method::get, method::post}), std::invalid_argument);
    BOOST_CHECK_NO_THROW(mounting({method::put, method::post}));
}

BOOST_AUTO_TEST_CASE(an_empty_router_knows_no_path) {
    auto const h = routed();
    BOOST_TEST(ask(h, "GET", "/") == "404");
    BOOST_TEST(ask(h, "GET", "//") == "404");
    BOOST_TEST(ask(h, "OPTIONS", "*") == "200 Allow: OPTIONS");
}

BOOST_AUTO_TEST_CASE(each_of_many_addresses_is_found) {
    constexpr std::size_t count = 300;
    auto const name = [](std::size_t n) { return "/group" + std::to_string(n); };
    router r;
    for (std::size_t i = 0; i < count; ++i) {
        blueprint bp(name(i * 7 % count));
        bp.get<"/a">(say<"a">);
        bp.get<"/ab">(say<"ab">);
        r.mount(std::move(bp));
    }
    handler const h = std::move(r);
    for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST(ask(h, "GET", name(i) + "/a") == "200 a");
        BOOST_TEST(ask(h, "GET", name(i) + "/ab") == "200 ab");
        BOOST_TEST(ask(h, "GET", name(i) + "/abc") == "404");
    }
    for (auto const *other : {"/group", "/group300", "/group0x", "/grouq1", "/Group1", "/", "/xgroup1"})
        BOOST_TEST(ask(h, "GET", std::string(other) + "/a") == "404", other);
}

BOOST_AUTO_TEST_SUITE_END()
