// The page of debug mode: the stack as it is read, everything escaped, secrets that stay secret.
#include "phial/backtrace/stack_trace.hpp"
#include "phial/errors/debug_page.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <memory>
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
    with_line.source = "/elsewhere/f.cpp";
    with_line.line = 12;
    auto address_only = frame_of("", false);
    stack_frame nowhere;
    nowhere.address = 0x7F;
    struct {
        stack_frame frame;
        std::string_view shown;
    } const cases[] = {
        {with_symbol, "<li><code>f()</code> <small>+0x12 in phial</small></li>"},
        {with_line, "<li><code>f()</code> <small>/elsewhere/f.cpp:12</small></li>"},
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

BOOST_AUTO_TEST_CASE(the_lines_around_a_call_are_shown_open_for_the_first_frame_that_has_them) {
    temporary_folder const tree;
    std::ofstream(tree.path() / "f.cpp") << "first\nif (a < b && \"<script>\")\n    throw 1;\nlast\n";
    service_context context;
    context.sources = {tree.path().string(), "/built"};
    fake_request rq("GET", "/", {}, "", context);
    auto first = frame_of("shop::f()", false); // of a service outside of namespace phial
    first.source = "/built/f.cpp";
    first.line = 2;
    auto second = first;
    second.line = 3;
    auto const other = frame_of("other()", false);
    std::vector<stack_frame> const stack{other, first, second};
    auto const page = debug_page(rq, "what", stack);
    for (auto const *part :
         {"<li><code>other()</code> <small>+0x12 in phial</small></li>",
          "<li class=\"own\"><code>shop::f()</code> <details open><summary>f.cpp:2</summary>\n<pre>    1  first\n"
          "<mark>    2  if (a &lt; b &amp;&amp; &quot;&lt;script&gt;&quot;)</mark>\n    3      throw 1;\n    4  "
          "last\n</pre>",
          "<details><summary>f.cpp:3</summary>\n", "<mark>    3      throw 1;</mark>"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(holds(page, part));
    BOOST_TEST(count(page, "<details open>") == 1U);
    BOOST_TEST(!holds(page, "addr2line"));
    BOOST_TEST(!holds(page, "<script>"));
}

BOOST_AUTO_TEST_CASE(it_says_why_it_has_no_lines) {
    auto with_line = frame_of("f()", true);
    with_line.source = "/built/f.cpp";
    with_line.line = 2;
    service_context context;
    context.sources = {"/nowhere/<b>", "/built"};
    fake_request elsewhere("GET", "/", {}, "", context);
    fake_request nowhere("GET", "/");
    struct {
        request &rq;
        stack_frame frame;
        std::string_view shown;
    } const cases[] = {
        {elsewhere, with_line, "The source files are not in <code>/nowhere/&lt;b&gt;</code>."},
        {nowhere, with_line, "this service does not say where they are"},
        {nowhere, frame_of("f()", true), "This binary has no debug information."},
    };
    for (auto const &c : cases) {
        std::vector<stack_frame> const stack{c.frame};
        BOOST_TEST_CONTEXT(c.shown) BOOST_TEST(holds(debug_page(c.rq, "what", stack), c.shown));
    }
}

BOOST_AUTO_TEST_CASE(arguments_of_query_and_form_are_shown_and_their_secrets_hidden) {
    fake_request rq("POST", "/?page=2&page=3&q=%3Cscript%3E&access_token=s3cr3t&%3Cb%3E=1");
    rq->notes.form = std::make_unique<form_fields>(
        form_fields{{"title", "\"><img src=x>"}, {"Password", "s3cr3t"}, {"api_key", "s3cr3t"}});
    auto const page = debug_page(rq, "what", {});
    for (auto const *part :
         {"<h2>Query</h2>", "<dt>page</dt><dd><code>2</code></dd>\n<dt>page</dt><dd><code>3</code>",
          "<code>&lt;script&gt;</code>", "<dt>&lt;b&gt;</dt>", "<dt>access_token</dt><dd><code>(hidden)</code>",
          "<h2>Form, as far as it was read</h2>", "<code>&quot;&gt;&lt;img src=x&gt;</code>",
          "<dt>Password</dt><dd><code>(hidden)</code>", "<dt>api_key</dt><dd><code>(hidden)</code>"})
        BOOST_TEST_CONTEXT(part) BOOST_TEST(holds(page, part));
    for (auto const *raw : {"s3cr3t", "<script>", "<img", "<b>"}) BOOST_TEST_CONTEXT(raw) BOOST_TEST(!holds(page, raw));
    fake_request without("GET", "/");
    auto const bare = debug_page(without, "what", {});
    BOOST_TEST(!holds(bare, "<h2>Query"));
    BOOST_TEST(!holds(bare, "<h2>Form"));
}

BOOST_AUTO_TEST_CASE(of_many_arguments_some_are_shown_and_long_ones_are_cut) {
    std::string query = "long=" + std::string(5000, 'x');
    for (int n = 0; n < 200; ++n) query += "&n=" + std::to_string(n);
    fake_request rq("GET", "/?" + query);
    auto const page = debug_page(rq, "what", {});
    BOOST_TEST(count(page, "<dt>n</dt>") == 99U);
    BOOST_TEST(holds(page, std::string(1000, 'x') + "..."));
    BOOST_TEST(!holds(page, std::string(1001, 'x')));
}

BOOST_AUTO_TEST_CASE(secrets_in_the_address_of_a_referring_page_are_hidden) {
    auto const page = page_with("Referer", "http://a/b?x=1&token=s3cr3t");
    BOOST_TEST(holds(page, "http://a/b?x=1&amp;token=***"));
    BOOST_TEST(!holds(page, "s3cr3t"));
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
    hostile.source = "<img>.cpp";
    hostile.line = 1;
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
