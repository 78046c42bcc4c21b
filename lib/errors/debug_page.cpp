#include "phial/errors/debug_page.hpp"

#include "phial/backtrace/stack_trace.hpp"
#include "phial/errors/html_page.hpp"
#include "phial/logging/redact.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/html_escape.hpp"

#include <algorithm>

namespace phial {
namespace {

using frames = std::span<stack_frame const>;

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string frame_item(stack_frame const &frame) {
    auto const name = frame.function.empty() ? hex(frame.address) : frame.function;
    auto const in_file = frame.file.empty() ? "in no file" : concat("in ", file_name(frame.file));
    auto const place = !frame.source.empty()    ? frame.source
                       : frame.function.empty() ? in_file
                                                : concat("+", hex(frame.offset), " ", in_file);
    return concat(frame.own ? "<li class=\"own\">" : "<li>", "<code>", html_escape(name), "</code> <small>",
                  html_escape(place), "</small></li>\n");
}

std::string frame_items(frames stack) {
    std::string items;
    for (auto const &frame : stack) items += frame_item(frame);
    return items;
}

// Frames of libraries say little about the error: they are one click away.
std::string folded(frames stack) {
    return concat("<li><details><summary>", stack.size(), stack.size() == 1 ? " frame" : " frames",
                  " of libraries</summary>\n<ol>\n", frame_items(stack), "</ol></details></li>\n");
}

// The innermost frame and the service's own frames are shown. Without symbols all frames of the program are, as its own
// cannot be recognised.
std::string stack_list(frames stack) {
    auto const is_shown = [&stack](stack_frame const &f) {
        return f.own || (f.in_program && f.function.empty()) || &f == &stack.front();
    };
    std::string items;
    for (auto position = stack.begin(); position != stack.end();) {
        auto const next_shown = std::find_if(position, stack.end(), is_shown);
        if (next_shown != position) items += folded({position, next_shown});
        position = std::find_if_not(next_shown, stack.end(), is_shown);
        items += frame_items({next_shown, position});
    }
    return concat("<ol>\n", items, "</ol>\n");
}

std::string stack_section(frames stack) {
    if (stack.empty()) return "<h2>Stack</h2>\n<p>The stack of the throw is not known.</p>\n";
    auto const command = addr2line_command(stack);
    return concat(
        "<h2>Thrown at</h2>\n", stack_list(stack),
        stack.size() == stack_capture::most_frames ? "<p>Further callers are not shown.</p>\n" : "",
        command.empty()
            ? ""
            : concat("<p>A binary of this build that has symbols and debug information shows more:</p>\n<pre>",
                     html_escape(command), "</pre>\n"));
}

std::string header_section(request const &rq) {
    std::string lines;
    for (auto const &[name, value] : rq.headers())
        lines += concat("<dt>", html_escape(name), "</dt><dd><code>",
                        names_a_secret(name) ? "(hidden)" : html_escape(value), "</code></dd>\n");
    return concat("<h2>Request header</h2>\n<dl>\n", lines, "</dl>\n");
}

} // namespace

std::string debug_page(request const &rq, std::string_view description, std::span<stack_frame const> stack) {
    auto const title = html_escape(description);
    return html_page(title, concat("<h1>", title, "</h1>\n<p>in <code>", to_string(rq.head().method), " ",
                                   html_escape(rq.path()), "</code>, route <code>",
                                   html_escape(rq.notes.route.empty() ? "(none)" : rq.notes.route), "</code></p>\n",
                                   stack_section(stack), header_section(rq),
                                   "<footer>This page is shown in debug mode only.</footer>\n"));
}

} // namespace phial
