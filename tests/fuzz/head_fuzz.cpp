// Request heads: what is made of one does not depend on what came before, on what follows, or on how little had come.
#include "fuzz.hpp"

#include "phial/http/request_target.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/text/concat.hpp"

#include <functional>
#include <string>

using namespace phial;
using namespace phial::fuzzing;
using result = head_parser::result;

namespace {

bool lies_in(std::string_view whole, std::string_view part) {
    std::less_equal<> const up_to;
    return part.empty() || (up_to(whole.data(), part.data()) && up_to(part.end(), whole.end()));
}

// All that the parser says of a head that is no longer waited for.
std::string all_of(head_parser const &p) {
    auto const &head = p.head();
    auto out = concat(p.size(), " ", to_string(head.method), " ", head.target, " ", head.minor_version, " ",
                      p.body().length, " ", int{p.body().chunked}, int{p.keep_alive()}, int{p.expects_continue()},
                      int{p.framing_is_known()}, " ", p.why().status, " ", p.why().reason, "\n");
    for (auto const &[name, value] : head.fields) out += concat(name, ":", value, "\n");
    return out;
}

void check(head_parser const &p, result r, std::string_view bytes) {
    auto const &head = p.head();
    require(lies_in(bytes, head.target));
    for (auto const &[name, value] : head.fields) {
        require(lies_in(bytes, name) && lies_in(bytes, value));
        require(!name.empty() && std::all_of(name.begin(), name.end(), is_token_char));
        require(value == trim(value));
        for (char const c : value) require(c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F));
    }
    require(p.size() == 0 || bytes.substr(0, p.size()).ends_with("\r\n\r\n"));
    require(!p.framing_is_known() || p.size() > 0);
    require((r == result::refused) == (p.why().status >= 400 && p.why().status < 600 && !p.why().reason.empty()));
    if (r == result::refused) return;
    require(p.size() > 0 && p.framing_is_known());
    require(!p.body().chunked || head.minor_version == 1);
    require(head.fields.count("Host") == 1 || (head.minor_version == 0 && head.fields.count("Host") == 0));
    require(is_valid_host(head.fields.find("Host").value_or("a")));
    auto const target = parse_target(head.target);
    require(!target.path.empty() && (target.authority.empty() || is_valid_host(target.authority)));
}

} // namespace

// The first byte: 's' for limits so small that short input meets them.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto bytes = as_text(data, size);
    message_limits limits;
    if (take(bytes, 1) == "s") limits = {.request_line = 64, .head = 256};

    head_parser p(limits);
    auto const r = p.parse(bytes);
    auto const said = all_of(p);
    auto const status = p.why().status;
    if (r != result::need_more) check(p, r, bytes);
    auto const first = bytes.find_first_not_of("\r\n"); // a head that has its end is not waited for
    if (first != bytes.npos && bytes.find("\r\n\r\n", first) != bytes.npos) require(r != result::need_more);
    auto const end = p.size() > 0 ? p.size() : bytes.size();

    // Every prefix that ends near the end of the head, and fewer before; with a parser that has been used.
    for (std::size_t missing = 0; missing <= end; missing += 1 + missing / 16) {
        auto const prefix = bytes.substr(0, end - missing);
        auto const early = p.parse(prefix);
        if (missing == 0 && p.size() > 0) require(early == r && all_of(p) == said);
        // What is refused is so with the same status, however little had come.
        if (missing > 0 && early != result::need_more) require(r == early && p.why().status == status);
        if (early == result::need_more && r == result::complete)
            require(head_parser::is_worth_parsing(bytes, prefix.size(), limits));
    }
    return 0;
}
