// The layer that demands credentials: which are accepted, and what a 401 says.
#include "phial/auth/requires_auth.hpp"
#include "phial/http/http_error.hpp"
#include "support/support.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

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

// Namesakes that are remembered once they were checked.
class remembering final : public users {
  public:
    mutable int checks = 0;

  private:
    task<bool> is_right(request const &, std::string_view user, std::string_view password) const override {
        ++checks;
        co_await boost::asio::post(use_task);
        co_return user == password;
    }
    std::optional<std::string> recall(request const &, std::string_view encoded) const override {
        return encoded == known_ ? std::optional(user_) : std::nullopt;
    }
    void recognise(std::string_view encoded, std::string_view user, std::string_view) const override {
        known_ = encoded;
        user_ = user;
    }

    mutable std::string known_;
    mutable std::string user_;
};

class failing final : public users {
    task<bool> is_right(request const &, std::string_view, std::string_view) const override {
        throw std::runtime_error("no users today");
        co_return true;
    }
};

task<response> secret(request &) { co_return text("secret"); }

task<response> user_of(request &rq) { co_return text(rq.notes.user); }

std::optional<http_error> refused(handler const &h, fake_request::headers lines) {
    fake_request rq("GET", "/", std::move(lines));
    try {
        (void)call(h, rq);
    } catch (http_error const &e) {
        return e;
    }
    return std::nullopt;
}

std::string answer(handler const &h, fake_request::headers lines) {
    fake_request rq("GET", "/", std::move(lines));
    return call(h, rq).body();
}

} // namespace

BOOST_AUTO_TEST_SUITE(guarding)

BOOST_AUTO_TEST_CASE(valid_credentials_open_the_handler) {
    single_user const known{"admin", "secret"};
    handler const h = with(secret, requires_auth, known, "Example");
    BOOST_TEST(answer(h, {{"Authorization", right}}) == "secret");
    BOOST_TEST(answer(h, {{"authorization", "BASIC   YWRtaW46c2VjcmV0"}}) == "secret");
}

BOOST_AUTO_TEST_CASE(everything_else_is_401_with_both_schemes_basic_first) {
    single_user const known{"admin", "secret"};
    handler const h = with(secret, requires_auth, known, "Example");
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
            auto const e = refused(h, lines);
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
    handler const h = with(secret, requires_auth, known, "Example");
    BOOST_TEST(answer(h, {{"Authorization", "Basic YTph"}}) == "secret"); // a:a
    BOOST_TEST(refused(h, {{"Authorization", right}}).has_value());
}

BOOST_AUTO_TEST_CASE(for_a_remembered_login_nothing_waits) {
    remembering const known;
    handler const h = with([](request &rq) { return text(rq.notes.user); }, requires_auth, known, "Example");
    for (auto const *field : {"Basic YTph", "basic   YTph"}) {
        fake_request rq("GET", "/", {{"authorization", field}});
        BOOST_TEST(call(h, rq).body() == "a");
        BOOST_TEST((h.call(rq).value() != nullptr));
    }
    BOOST_TEST((known.checks == 1 && known.right() == 4U));
    BOOST_TEST(refused(h, {{"Authorization", right}}).has_value());
    BOOST_TEST((known.checks == 2 && known.wrong() == 1U));
    BOOST_TEST(answer(h, {{"Authorization", "Basic YTph"}}) == "a");
    BOOST_TEST(refused(h, {{"Authorization", "Basic YTph"}, {"Authorization", "Basic YTph"}}).has_value());
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_with_the_check_opens_nothing) {
    failing const known;
    handler const h = with(secret, requires_auth, known, "Example");
    fake_request rq("GET", "/", {{"Authorization", right}});
    BOOST_CHECK_THROW((void)call(h, rq), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_handler_knows_the_user) {
    single_user const known{"admin", "secret"};
    BOOST_TEST(answer(with(user_of, requires_auth, known, "Example"), {{"Authorization", right}}) == "admin");
}

BOOST_AUTO_TEST_CASE(the_realm_is_the_apps) {
    single_user const known{"admin", "secret"};
    std::string const realm = "Staff only";
    auto const e = refused(with(secret, requires_auth, known, realm), {});
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->headers()[0].second == "Basic realm=\"Staff only\"");
    BOOST_TEST(e->headers()[1].second == "Bearer realm=\"Staff only\"");
}

BOOST_AUTO_TEST_CASE(it_tells_the_table_of_routes_what_it_demands) {
    single_user const known{"admin", "secret"};
    std::vector<layer_fact> const expected{{"security", "Basic realm=\"Example\""}};
    BOOST_TEST((bind_layer(requires_auth, known, "Example").facts == expected));
}

BOOST_AUTO_TEST_SUITE_END()
