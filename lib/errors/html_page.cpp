#include "phial/errors/html_page.hpp"

#include "phial/text/concat.hpp"

namespace phial {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #57606a; --paper: #fff; --panel: #f4f5f7; --line: #d5d9de;
    --own: #0b57d0; --marked: #fff3bf; }
@media (prefers-color-scheme: dark) {
    :root { --ink: #e6e8eb; --quiet: #a0a8b2; --paper: #16181c; --panel: #20242a; --line: #3a4049; --own: #8ab4f8;
        --marked: #4d4418; }
}
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
    margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; }
code, pre { font: .875rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--panel); border-radius: .375rem; padding: .75rem; margin: .5rem 0; white-space: pre-wrap; }
small, summary, footer { color: var(--quiet); font-size: .8125rem; }
footer { margin-top: 2rem; }
ol { list-style: none; margin: 0; padding: 0; }
li { border-bottom: 1px solid var(--line); padding: .5rem 0 .5rem .75rem; border-left: .1875rem solid transparent; }
li small { display: block; }
li.own { border-left-color: var(--own); background: var(--panel); }
li.own code { color: var(--own); font-weight: 600; }
li pre { background: var(--paper); padding: .5rem 0; overflow-x: auto; white-space: pre; }
mark { background: var(--marked); color: inherit; display: inline-block; min-width: 100%; }
li li:last-child { border-bottom: 0; }
summary { cursor: pointer; }
dl { margin: 0; display: grid; grid-template-columns: minmax(8rem, 1fr) 3fr; }
dt, dd { margin: 0; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); }
dt { font-weight: 600; }
@media (max-width: 36rem) {
    dl { display: block; }
    dt { border: 0; padding-bottom: 0; }
    dd { padding-top: 0; }
}
)";

} // namespace

std::string html_page(std::string_view title, std::string_view content) {
    return concat("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
                  title, "</title>\n<style>", style, "</style>\n</head>\n<body>\n", content, "</body>\n</html>\n");
}

} // namespace phial
