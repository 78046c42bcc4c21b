// Plain heads: what the scanner makes of one is what Beast's parser makes of it.
#include "fuzz.hpp"

#include "phial/http/request_target.hpp"
#include "phial/server/head_parser.hpp"
#include "phial/server/head_scanner.hpp"
#include "phial/text/uri.hpp"

using namespace phial;
using namespace phial::fuzzing;
using result = head_parser::result;

namespace {

bool same(std::string_view a, std::string_view b) { return a.data() == b.data() && a.size() == b.size(); }

void require_same(head_parser const &a, head_parser const &b) {
    auto const &head = a.head();
    auto const &judged = b.head();
    require(a.size() == b.size());
    require(head.method == judged.method && head.is_known == judged.is_known);
    require(head.method_sent == judged.method_sent);
    require(head.target == judged.target && (head.target.empty() || same(head.target, judged.target)));
    require(head.minor_version == judged.minor_version);
    auto const as = a.body();
    auto const bs = b.body();
    require(as.chunked == bs.chunked && as.length == bs.length && as.announced == bs.announced);
    require(as.lacks_length == bs.lacks_length);
    require(a.keep_alive() == b.keep_alive() && a.expects_continue() == b.expects_continue());
    require(a.framing_is_known() == b.framing_is_known());
    require(a.why().status == b.why().status && a.why().reason == b.why().reason);
    auto const &fields = head.fields;
    require(std::equal(fields.begin(), fields.end(), judged.fields.begin(), judged.fields.end(),
                       [](field const &x, field const &y) { return same(x.name, y.name) && same(x.value, y.value); }));
}

// Nothing in such a target is to be split or decoded.
void check_plain_target(request_head const &head) {
    auto const parsed = parse_target(head.target, head.method);
    require(parsed.authority.empty() && parsed.query.empty() && same(parsed.path, head.target));
    require(!needs_decoding(head.target));
}

void check(head_parser &scanning, head_parser &judge, message_limits const &limits, std::string_view bytes) {
    auto const a = scanning.parse(bytes);
    auto const b = judge.parse_with_beast(bytes);
    require(a == b);
    require_same(scanning, judge);

    std::vector<field> table(limits.fields);
    head_facts facts;
    bool const is_plain = read_plain_head(bytes, limits, table, facts);
    require(!is_plain || (b != result::need_more && facts.size == judge.size()));
    require(scanning.head().plain_target == (is_plain && facts.head.plain_target));
    if (scanning.head().plain_target) check_plain_target(scanning.head());
}

} // namespace

// The first byte: 's' for limits so small that short input meets them.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto bytes = as_text(data, size);
    message_limits limits;
    if (take(bytes, 1) == "s") limits = {.request_line = 48, .head = 128, .fields = 4};

    static head_parser usual{message_limits()}; // one that remembers a host
    head_parser fresh(limits);
    head_parser judge(limits);
    check(fresh, judge, limits, bytes);
    if (limits.head == message_limits().head) check(usual, judge, limits, bytes);

    // Cut where the head ends, and before, in memory that ends there.
    auto const end = fresh.size() > 0 ? fresh.size() : bytes.size();
    for (std::size_t missing = 0; missing <= end; missing += 1 + missing / 8) {
        std::vector<char> const memory(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end - missing));
        check(fresh, judge, limits, {memory.data(), memory.size()});
    }
    return 0;
}
