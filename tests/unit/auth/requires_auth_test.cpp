// Guarded handlers: who comes in, who gets a 401, and that nothing runs before.
#include "phial/auth/requires_auth.hpp"
#include "phial/http/http_error.hpp"
#include "phial/routing/view.hpp"
#include "support/support.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

constexpr char right[] = "Basic YWRtaW46c2VjcmV0";

// Lets everybody in whose password is the user's name; answers later, as a real one would.
class namesakes final : public users {
    task<bool> is_right(request const &, std::string_view user, std::string_view password) const override {
        co_await boost::asio::post(use_task);
        co_return user == password;
    }
};

class failing final : public users {
    task<bool> is_right(request const &, std::string_view, std::string_view) const override {
        throw std::runtime_error("no users today");
        co_return true;
    }
};

task<response> secret(request &) { co_return text("secret"); }

task<response> with_values(request &, std::string_view s, std::int64_t n) { co_return text(s, n); }

task<response> counted(int &calls, request &, std::string_view s) {
    ++calls;
    co_return text(s);
}

std::optional<http_error> refused(view const &v, fake_request::headers lines, path_values const &values = {}) {
    fake_request rq("GET", "/", std::move(lines));
    try {
        (void)run(v.call(rq, values));
    } catch (http_error const &e) {
        return e;
    }
    return std::nullopt;
}

std::string answer(view const &v, fake_request::headers lines, path_values const &values = {}) {
    fake_request rq("GET", "/", std::move(lines));
    return run(v.call(rq, values)).body();
}

} // namespace

BOOST_AUTO_TEST_SUITE(guarding)

BOOST_AUTO_TEST_CASE(valid_credentials_open_the_handler) {
    single_user const known{"admin", "secret"};
    auto const v = make_view<"/">(requires_auth(known, secret));
    BOOST_TEST(answer(*v, {{"Authorization", right}}) == "secret");
    BOOST_TEST(answer(*v, {{"authorization", "BASIC   YWRtaW46c2VjcmV0"}}) == "secret");
}

BOOST_AUTO_TEST_CASE(everything_else_is_401_with_both_schemes_basic_first) {
    single_user const known{"admin", "secret"};
    auto const v = make_view<"/">(requires_auth(known, secret));
    fake_request::headers const cases[] = {
        {},
        {{"Authorization", ""}},
        {{"Authorization", "Basic"}},
        {{"Authorization", "Basic YWRtaW46d3Jvbmc="}}, // admin:wrong
        {{"Authorization", "Basic b3RoZXI6c2VjcmV0"}}, // other:secret
        {{"Authorization", "Bearer YWRtaW46c2VjcmV0"}},
        {{"Authorization", "Bearer secret"}},
        {{"Proxy-Authorization", right}},
        {{"Authorization", right}, {"Authorization", right}},
        {{"Authorization", right}, {"Authorization", "Bearer x"}},
    };
    for (auto const &lines : cases) {
        BOOST_TEST_CONTEXT((lines.empty() ? "none" : lines.back().second) << ", " << lines.size() << " lines") {
            auto const e = refused(*v, lines);
            BOOST_TEST_REQUIRE(e.has_value());
            BOOST_TEST(e->status() == 401U);
            BOOST_TEST(e->what() == "Authenticate.");
            BOOST_TEST_REQUIRE(e->headers().size() == 2U);
            BOOST_TEST(e->headers()[0].first == "WWW-Authenticate");
            BOOST_TEST(e->headers()[0].second == "Basic realm=\"Example\"");
            BOOST_TEST(e->headers()[1].first == "WWW-Authenticate");
            BOOST_TEST(e->headers()[1].second == "Bearer realm=\"Example\"");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_users_decide_and_may_take_their_time) {
    namesakes const known;
    auto const v = make_view<"/">(requires_auth(known, secret));
    BOOST_TEST(answer(*v, {{"Authorization", "Basic YTph"}}) == "secret"); // a:a
    BOOST_TEST(refused(*v, {{"Authorization", right}}).has_value());
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_with_the_check_opens_nothing) {
    failing const known;
    auto const v = make_view<"/">(requires_auth(known, secret));
    fake_request rq("GET", "/", {{"Authorization", right}});
    BOOST_CHECK_THROW((void)run(v->call(rq, {})), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(path_values_reach_the_guarded_handler) {
    namesakes const known;
    auto const v = make_view<"/<s>/<int:n>">(requires_auth(known, with_values));
    path_values values{};
    values[0].text = "n=";
    values[1].integer = 42;
    BOOST_TEST(answer(*v, {{"Authorization", "Basic YTph"}}, values) == "n=42");
}

BOOST_AUTO_TEST_CASE(bound_arguments_reach_the_guarded_handler_by_reference_and_only_with_credentials) {
    namesakes const known;
    int calls = 0;
    auto const v = make_view<"/<s>">(requires_auth(known, counted), calls);
    path_values values{};
    values[0].text = "x";
    BOOST_TEST(refused(*v, {}, values).has_value());
    BOOST_TEST(calls == 0);
    BOOST_TEST(answer(*v, {{"Authorization", "Basic YTph"}}, values) == "x");
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_guarded_handler_is_a_handler_and_can_be_guarded_again) {
    single_user const known{"admin", "secret"};
    handler const h{requires_auth(known, requires_auth(known, secret))};
    fake_request rq("GET", "/", {{"Authorization", right}});
    BOOST_TEST(call(h, rq).body() == "secret");
}

BOOST_AUTO_TEST_SUITE_END()
