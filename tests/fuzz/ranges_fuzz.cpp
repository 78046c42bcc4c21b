// Range, the conditional fields and Accept-Encoding: what is selected lies within the file, no condition is met and
// failed at once, and dates read back.
#include "fuzz.hpp"

#include "phial/http/byte_ranges.hpp"
#include "phial/http/coding_preference.hpp"
#include "phial/http/http_date.hpp"
#include "phial/http/preconditions.hpp"
#include "phial/http/tag_list.hpp"
#include "phial/testing/fake_request.hpp"
#include "phial/text/ascii.hpp"

#include <array>
#include <string>
#include <utility>

using namespace phial;
using namespace phial::fuzzing;
using namespace phial::testing;

namespace {

constexpr std::string_view tag = "\"a1-b\"";
constexpr std::chrono::sys_seconds modified{std::chrono::seconds(784111777)};

// As the server passes on the value of a field.
std::string field_value(std::string_view text) {
    std::string value(trim(text));
    for (char &c : value)
        if (is_control(c)) c = '_';
    return value;
}

// How many ranges the field has, at most.
std::size_t count(std::string_view field) { return 1 + static_cast<std::size_t>(std::ranges::count(field, ',')); }

void check_ranges(std::string_view field) {
    constexpr std::size_t most = 8;
    for (std::uint64_t const length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
        auto const ranges = select_ranges(field, length, most);
        if (!ranges) continue;
        require(ranges->size() <= std::min(most, count(field)));
        for (std::size_t i = 0; i < ranges->size(); ++i) {
            auto const r = (*ranges)[i];
            require(r.size > 0 && r.first < length && r.size <= length - r.first);
            for (std::size_t j = 0; j < i; ++j) { // they do not touch
                auto const other = (*ranges)[j];
                require(other.first + other.size < r.first || r.first + r.size < other.first);
            }
        }
        require(select_ranges(std::string(field) + ",", length, most) == ranges); // an empty element
        require(select_ranges(field, length, 0) == std::nullopt);
    }
}

void check_conditions(std::string const &name, std::string const &value) {
    validators const current{tag, modified};
    // Of a coding that the client does not accept, a GET knows nothing.
    fake_request get("GET", "/", {{name, value}, {"Accept-Encoding", "gzip, br, zstd"}});
    fake_request put("PUT", "/", {{name, value}});
    preconditions const reading(get.get());
    preconditions const writing(put.get());
    auto const read = reading.check(current);
    auto const written = writing.check(current);
    if (name == "If-Match" || name == "If-Unmodified-Since") {
        require(read.what == written.what && read.what != preconditions::verdict::not_modified);
    } else {
        require(read.what != preconditions::verdict::failed && written.what != preconditions::verdict::not_modified);
        if (written.what == preconditions::verdict::failed) require(read.what == preconditions::verdict::not_modified);
    }
    if (read.what == preconditions::verdict::not_modified)
        require(read.tag == tag || value.find(read.tag) != value.npos);
    auto const found = find_tag(value, tag, tag_comparison::strongly);
    if (found) require(find_tag(value, tag, tag_comparison::weakly).has_value());
    if (value == tag) require(found == tag);
    // If-Range is exact: what it allows is the tag or the date itself.
    fake_request part("GET", "/", {{"If-Range", value}});
    if (preconditions(part.get()).allow_range(current, modified + std::chrono::seconds(1)))
        require(value == tag || parse_http_date(value) == modified);
}

void check_date(std::string_view text) {
    auto const date = parse_http_date(text);
    if (date) require(parse_http_date(http_date(*date)) == date);
}

void check_codings(std::string_view value) {
    for (std::string_view const coding : {"gzip", "br", "zstd", "identity"}) {
        auto const quality = coding_quality(value, coding);
        require(!quality || (*quality >= 0 && *quality <= 1000));
        auto const identity = coding_quality(value, "identity");
        std::array const offer{coding};
        if (!wanted_codings(value, offer).empty()) require(quality > 0 && quality >= identity.value_or(0));
        if (!quality) require(coding_quality(std::string(value) + ",*;q=0", coding) == 0);
    }
}

} // namespace

// Lines: Range, Accept-Encoding, a conditional field with its number before it. `T` in the last is the tag.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    constexpr std::string_view names[] = {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"};
    auto rest = as_text(data, size);
    check_ranges(field_value(take_until(rest, '\n')));
    check_codings(field_value(take_until(rest, '\n')));
    auto const number = take(rest, 1);
    std::string value;
    for (char const c : rest)
        if (c == 'T')
            value += tag;
        else
            value += c;
    value = field_value(value);
    check_conditions(std::string(names[number.empty() ? 0 : static_cast<unsigned char>(number[0]) % 4]), value);
    check_date(field_value(rest));
    return 0;
}
