// The page of debug mode: the stack as it is read, everything escaped, secrets that stay secret.
#include "phial/backtrace/stack_trace.hpp"
#include "phial/errors/debug_page.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

stack_frame frame_of(std::string function, bool own) {
    stack_frame f;
    f.file = "/bin/phial";
    f.in_program = true;
    f.address = 0xABC;
    f.function = std::move(function);
    f.offset = 0x12;
    f.own = own;
    return f;
}

std::string page_of(std::vector<stack_frame> const &stack) {
    fake_request rq("GET", "/");
    return debug_page(rq, "what", stack);
}

std::string page_with(std::string const &name, std::string const &value) {
    fake_request rq("GET", "/", {{name, value}, {"X-Shown", "shown"}});
    return debug_page(rq, "what", {});
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
    return n;
}

bool holds(std::string_view text, std::string_view part) { return count(text, part) != 0; }

} // namespace

BOOST_AUTO_TEST_SUITE(debug_page_)

BOOST_AUTO_TEST_CASE(it_tells_what_was_thrown_and_by_which_request) {
    fake_request rq("HEAD", "/a%20path?q", {{"X-Name", "value"}});
    rq->notes.route = "/<path:p>";
    auto const page = debug_page(rq, "std::runtime_error: boom", {});
    for (auto const *part : {"<h1>std::runtime_error: boom</h1>", "HEAD /a path", "/&lt;path:p&gt;", "X-Name", "value",
                             "The stack of the throw is not known.", "in debug mode only"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(holds(page, part));
    BOOST_TEST(!holds(page, "addr2line"));
}

BOOST_AUTO_TEST_CASE(frames_say_what_the_binary_tells_of_them) {
    auto with_symbol = frame_of("f()", false);
    auto with_line = with_symbol;
    with_line.source = "lib/f.cpp:12";
    auto address_only = frame_of("", false);
    stack_frame nowhere;
    nowhere.address = 0x7F;
    struct {
        stack_frame frame;
        std::string_view shown;
    } const cases[] = {
        {with_symbol, "<li><code>f()</code> <small>+0x12 in phial</small></li>"},
        {with_line, "<li><code>f()</code> <small>lib/f.cpp:12</small></li>"},
        {address_only, "<li><code>0xabc</code> <small>in phial</small></li>"},
        {nowhere, "<li><code>0x7f</code> <small>in no file</small></li>"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.shown) { BOOST_TEST(holds(page_of({c.frame}), c.shown)); }
    }
}

BOOST_AUTO_TEST_CASE(own_frames_are_shown_and_others_are_folded_but_for_the_innermost) {
    auto const own = frame_of("own()", true);
    auto const other = frame_of("other()", false);
    auto of_library = frame_of("", false);
    of_library.in_program = false;
    struct {
        std::vector<stack_frame> stack;
        std::vector<std::string_view> folds;
    } const cases[] = {
        {{own}, {}},
        {{own, own}, {}},
        {{other}, {}},
        {{other, own}, {}},
        {{other, other, other}, {"2 frames"}},
        {{own, other, other, own, other}, {"2 frames", "1 frame "}},
        {{frame_of("", false), frame_of("", false), frame_of("", false)}, {}}, // a binary without symbols
        {{own, of_library, of_library}, {"2 frames"}},                         // of one without symbols as well
    };
    for (auto const &c : cases) {
        auto const page = page_of(c.stack);
        BOOST_TEST(count(page, "<code>o") + count(page, "<code>0x") == c.stack.size());
        BOOST_TEST(count(page, "<li class=\"own\"><code>own()") == count(page, "<code>own()"));
        BOOST_TEST(count(page, "<details>") == c.folds.size());
        for (auto const fold : c.folds) BOOST_TEST(holds(page, fold));
    }
}

BOOST_AUTO_TEST_CASE(the_command_for_lines_follows_the_stack) {
    auto const page = page_of({frame_of("f()", true), frame_of("g()", false)});
    BOOST_TEST(holds(page, "<pre>addr2line -Cfpie /"));
    BOOST_TEST(holds(page, " 0xabc 0xabc</pre>"));
}

BOOST_AUTO_TEST_CASE(a_stack_that_was_cut_says_so) {
    std::vector<stack_frame> stack(stack_capture::most_frames, frame_of("f()", true));
    BOOST_TEST(holds(page_of(stack), "Further callers are not shown."));
    stack.pop_back();
    BOOST_TEST(!holds(page_of(stack), "Further callers are not shown."));
}

BOOST_AUTO_TEST_CASE(everything_is_escaped) {
    fake_request rq("GET", "/%3Cpath%3E", {{"X-Evil", "<value>"}, {"X-Bytes", "\xFF"}});
    rq->notes.route = "/<route>";
    auto hostile = frame_of("f<script>()", true);
    hostile.source = "<img>.cpp:1";
    auto in_file = frame_of("", false);
    in_file.file = "/tmp/<b>'\"";
    std::vector<stack_frame> const stack{hostile, in_file};
    auto const page = debug_page(rq, "</h1><what>", stack);
    for (auto const *escaped : {"/&lt;path&gt;", "&lt;value&gt;", "/&lt;route&gt;", "&lt;what&gt;", "\uFFFD",
                                "f&lt;script&gt;()", "&lt;img&gt;.cpp:1", "in &lt;b&gt;&#39;&quot;"})
        BOOST_TEST_CONTEXT(escaped) BOOST_TEST(holds(page, escaped));
    for (auto const *raw : {"<path>", "<value>", "<route>", "<what>", "<script>", "<img>", "<b>", "\xFF"})
        BOOST_TEST_CONTEXT(raw) BOOST_TEST(!holds(page, raw));
}

BOOST_AUTO_TEST_CASE(credentials_are_hidden) {
    for (auto const *name : {"Authorization", "authorization", "Cookie", "COOKIE", "Proxy-Authorization", "X-Api-Key",
                             "X-CSRF-Token", "token", "X-Client-SECRET", "Db_Password", "X-Keycloak"}) {
        BOOST_TEST_CONTEXT(name) {
            auto const page = page_with(name, "s3cr3t");
            BOOST_TEST(holds(page, name));
            BOOST_TEST(holds(page, "(hidden)"));
            BOOST_TEST(holds(page, "shown"));
            BOOST_TEST(!holds(page, "s3cr3t"));
        }
    }
    for (auto const *name : {"Accept", "X-Tok", "User-Agent", "Content-Type"})
        BOOST_TEST_CONTEXT(name) BOOST_TEST(!holds(page_with(name, "value"), "(hidden)"));
}

BOOST_AUTO_TEST_SUITE_END()
