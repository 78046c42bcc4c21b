#include "phial/errors/stack_section.hpp"

#include "phial/backtrace/source_lines.hpp"
#include "phial/backtrace/stack_trace.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/html_escape.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {
namespace {

struct shown_frame {
    stack_frame const *frame;
    std::string place;
    source_lines source;
    bool own; // also by its source file: a service need not be in namespace phial
};
using frames = std::span<shown_frame const>;

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string place_of(stack_frame const &frame, source_lines const &source) {
    if (!source.name.empty()) return concat(source.name, ":", frame.line);
    if (!frame.source.empty()) return concat(frame.source, ":", frame.line);
    auto const in_file = frame.file.empty() ? "in no file" : concat("in ", file_name(frame.file));
    return frame.function.empty() ? in_file : concat("+", hex(frame.offset), " ", in_file);
}

std::vector<shown_frame> with_sources(std::span<stack_frame const> stack, source_tree const &sources) {
    std::vector<shown_frame> all;
    all.reserve(stack.size());
    for (auto const &frame : stack) {
        auto source = read_source_lines(sources, frame.source, frame.line);
        bool const own = frame.own || !source.lines.empty();
        auto place = place_of(frame, source);
        all.push_back({&frame, std::move(place), std::move(source), own});
    }
    return all;
}

std::string line_numbers_and_text(shown_frame const &shown) {
    constexpr std::size_t digits = 5;
    std::string html;
    auto number = shown.source.first;
    for (auto const &text : shown.source.lines) {
        auto const digits_of_it = std::to_string(number);
        auto const padding = std::string(digits - std::min(digits, digits_of_it.size()), ' ');
        auto const line = concat(padding, digits_of_it, "  ", html_escape(text));
        html += number == shown.frame->line ? concat("<mark>", line, "</mark>\n") : concat(line, "\n");
        ++number;
    }
    return html;
}

// The source of the frame where one begins to read is open.
std::string frame_item(shown_frame const &shown, bool is_open) {
    auto const &frame = *shown.frame;
    auto const name = frame.function.empty() ? hex(frame.address) : frame.function;
    auto const place = html_escape(shown.place);
    auto const where = shown.source.lines.empty()
                           ? concat("<small>", place, "</small>")
                           : concat(is_open ? "<details open>" : "<details>", "<summary>", place, "</summary>\n<pre>",
                                    line_numbers_and_text(shown), "</pre></details>");
    return concat(shown.own ? "<li class=\"own\">" : "<li>", "<code>", html_escape(name), "</code> ", where, "</li>\n");
}

std::string frame_items(frames stack, shown_frame const *open) {
    std::string items;
    for (auto const &shown : stack) items += frame_item(shown, &shown == open);
    return items;
}

// Frames of libraries say little about the error: they are one click away.
std::string folded(frames stack) {
    return concat("<li><details><summary>", stack.size(), stack.size() == 1 ? " frame" : " frames",
                  " of libraries</summary>\n<ol>\n", frame_items(stack, nullptr), "</ol></details></li>\n");
}

// The innermost frame and the service's own frames are shown. Without symbols all frames of the program are, as its own
// cannot be recognised.
std::string stack_list(frames stack) {
    auto const is_shown = [&stack](shown_frame const &f) {
        return f.own || (f.frame->in_program && f.frame->function.empty()) || &f == &stack.front();
    };
    auto const with_source =
        std::find_if(stack.begin(), stack.end(), [](shown_frame const &f) { return !f.source.lines.empty(); });
    auto const *const open = with_source == stack.end() ? nullptr : &*with_source;
    std::string items;
    for (auto position = stack.begin(); position != stack.end();) {
        auto const next_shown = std::find_if(position, stack.end(), is_shown);
        if (next_shown != position) items += folded({position, next_shown});
        position = std::find_if_not(next_shown, stack.end(), is_shown);
        items += frame_items({next_shown, position}, open);
    }
    return concat("<ol>\n", items, "</ol>\n");
}

// What the page lacks, and how to get it.
std::string missing(std::span<stack_frame const> stack, frames shown, source_tree const &sources) {
    auto const has_place = [](stack_frame const &f) { return !f.source.empty(); };
    auto const has_source = [](shown_frame const &f) { return !f.source.lines.empty(); };
    if (std::none_of(stack.begin(), stack.end(), has_place)) {
        auto const command = addr2line_command(stack);
        if (command.empty()) return {};
        return concat("<p>This binary has no debug information. One of this build that has it, and symbols, shows "
                      "more:</p>\n<pre>",
                      html_escape(command), "</pre>\n");
    }
    if (std::any_of(shown.begin(), shown.end(), has_source)) return {};
    if (sources.folder.empty())
        return "<p>The source lines are not shown: this service does not say where they are.</p>\n";
    return concat("<p>The source files are not in <code>", html_escape(sources.folder), "</code>.</p>\n");
}

} // namespace

std::string stack_section(std::span<stack_frame const> stack, source_tree const &sources) {
    if (stack.empty()) return "<h2>Stack</h2>\n<p>The stack of the throw is not known.</p>\n";
    auto const shown = with_sources(stack, sources);
    auto const depth = std::count_if(stack.begin(), stack.end(), [](stack_frame const &f) { return !f.is_inlined; });
    bool const is_cut = static_cast<std::size_t>(depth) == stack_capture::most_frames;
    return concat("<h2>Thrown at</h2>\n", stack_list(shown), is_cut ? "<p>Further callers are not shown.</p>\n" : "",
                  missing(stack, shown, sources));
}

} // namespace phial
