// Choosing among media types by Accept.
#include "phial/http/accept.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace phial;

BOOST_AUTO_TEST_SUITE(accepting)

BOOST_AUTO_TEST_CASE(the_most_specific_range_gives_the_quality) {
    struct {
        std::string_view accept, type;
        int quality;
        bool exact;
    } const cases[] = {
        {"", "text/html", 1000, false},
        {" \t", "text/html", 1000, false},
        {"*/*", "text/html", 1000, false},
        {"text/*", "text/html", 1000, false},
        {"text/html", "text/html", 1000, true},
        {"TEXT/Html", "text/html", 1000, true},
        {"text/plain", "text/html", 0, false},
        {"text/htm", "text/html", 0, false},
        {"image/*", "text/html", 0, false},
        {"text/html;q=0.5", "text/html", 500, true},
        {"text/html ; Q=0.25 ", "text/html", 250, true},
        {"text/html;q=0", "text/html", 0, true},
        {"*/*;q=0.9, text/*;q=0.2", "text/html", 200, false},
        {"text/html;q=0.1, */*", "text/html", 100, true},
        {"*/*, text/*;q=0.3, text/html;q=0", "text/html", 0, true},
        {"*/*, text/*;q=0.3, text/html;q=0", "text/plain", 300, false},
        {"*/*, text/*;q=0.3, text/html;q=0", "image/png", 1000, false},
        {"text/html;level=1;q=0.4, text/html;q=0.7", "text/html", 400, true},
        {"text/html;q=0.3, text/html;q=0.7", "text/html", 700, true},
        {"text/html;q=0.7, text/html;q=0.3", "text/html", 700, true},
        {",, text/html ,,", "text/html", 1000, true},
        {"text/html;q=0.5;ext=1", "text/html", 500, true},
        // what stands in quotes separates nothing
        {"text/html;x=\"a,b;q=0.1\";q=0.6", "text/html", 600, true},
        {"text/html;x=\"a\\\",*/*\";q=0.6", "text/html", 600, true},
        {"image/png;x=\",text/html,\"", "text/html", 0, false},
        {"application/problem+json", "application/problem+json", 1000, true},
        {"application/problem+json", "application/json", 0, false},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept << " for " << c.type) {
            auto const p = accept_preference(c.accept, c.type);
            BOOST_TEST(p.quality == c.quality);
            BOOST_TEST(p.exact == c.exact);
        }
    }
}

BOOST_AUTO_TEST_CASE(qualities_are_read_by_the_grammar_of_qvalue) {
    struct {
        std::string_view q;
        int quality;
    } const cases[] = {
        {"0", 0},     {"1", 1000},    {"0.", 0},     {"1.", 1000},    {"0.5", 500}, {"0.05", 50},
        {"0.005", 5}, {"0.999", 999}, {"1.0", 1000}, {"1.000", 1000}, {"0.000", 0},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.q) {
            auto const p = accept_preference(std::string("text/html;q=").append(c.q), "text/html");
            BOOST_TEST(p.quality == c.quality);
            BOOST_TEST(p.exact);
        }
    }
}

BOOST_AUTO_TEST_CASE(qualities_are_read_as_clients_write_them) {
    struct {
        std::string_view q;
        int quality;
    } const cases[] = {
        {".9", 900},      {".2", 200},   {".05", 50},   {".0", 0}, {"0.9999", 999}, {"0.12345678901234567890", 123},
        {"1.0000", 1000}, {"0.0000", 0}, {"0.0001", 1}, // wanted, though less than anything
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.q) {
            auto const p = accept_preference(std::string("text/html;q=").append(c.q), "text/html");
            BOOST_TEST(p.quality == c.quality);
            BOOST_TEST(p.exact);
        }
    }
    constexpr std::string_view jdk = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
    BOOST_TEST(accept_preference(jdk, "application/json").quality == 200);
    BOOST_TEST(best_offer(jdk, {"application/json", "text/html"}) == "text/html");
    BOOST_TEST(best_offer("application/json;q=.9, text/html;q=.8", {"text/html", "application/json"}) ==
               "application/json");
}

BOOST_AUTO_TEST_CASE(a_range_that_cannot_be_read_is_passed_over) {
    for (std::string_view const range : {
             "text/html;q=",
             "text/html;q=2",
             "text/html;q=1.001",
             "text/html;q=.",
             "text/html;q=1.0001",
             "text/html;q=0.5.5",
             "text/html;q=.5x",
             "text/html;q=00",
             "text/html;q=00.5",
             "text/html;q=-1",
             "text/html;q=+1",
             "text/html;q=01",

             "text/html;q=a",
             "text/html;q=\"1\"",
             "text/html;q=1e0",
             "text/html;q= 1",
             "text",
             "text/",
             "/html",
             "*",
             "*/html",
             "text html",
             "text/html x",
             "<>",
             "text/ html",
         }) {
        BOOST_TEST_CONTEXT(range) {
            auto const alone = accept_preference(range, "text/html");
            BOOST_TEST(alone.quality == 0);
            BOOST_TEST(!alone.exact);
            // and the ranges around it count
            auto const with_others = accept_preference(std::string("a/b, ").append(range) + ", */*;q=0.5", "text/html");
            BOOST_TEST(with_others.quality == 500);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_offer_with_the_highest_quality_wins_and_the_first_among_equals) {
    struct {
        std::string_view accept, best;
    } const cases[] = {
        {"", "application/json"},
        {"*/*", "application/json"},
        {"text/html", "text/html"},
        {"text/html, application/json", "application/json"},
        {"text/html, application/json;q=0.9", "text/html"},
        {"text/*, application/json;q=0.9", "text/html"},
        {"application/json;q=0.1, */*;q=0.2", "text/html"},
        {"application/json;q=0", "application/json"}, // nothing is acceptable: the first
        {"image/png", "application/json"},
        {"application/json;q=0, */*;q=0.001", "text/html"},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"}, // a browser
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            BOOST_TEST(best_offer(c.accept, {"application/json", "text/html"}) == c.best);
            BOOST_TEST(best_offer(c.accept, {"x/y"}) == "x/y");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
