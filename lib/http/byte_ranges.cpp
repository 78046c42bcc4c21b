#include "phial/http/byte_ranges.hpp"

#include "phial/text/ascii.hpp"

#include <algorithm>
#include <limits>

namespace phial {
namespace {

constexpr std::string_view unit = "bytes";
// A gap of fewer bytes is sent along: the head of another part would take about as many.
constexpr std::uint64_t least_gap = 80;

// A number too large for 64 bits is the largest one: no file has so many bytes.
std::optional<std::uint64_t> read_number(std::string_view digits) noexcept {
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
    std::uint64_t n = 0;
    for (char const c : digits) {
        auto const digit = static_cast<unsigned>(c - '0');
        n = n > (largest - digit) / 10 ? largest : n * 10 + digit;
    }
    return n;
}

struct range_spec {
    bool valid = false;
    byte_range range = {0, 0}; // empty: it cannot be satisfied
};

range_spec read_spec(std::string_view spec, std::uint64_t length) noexcept {
    auto const dash = spec.find('-');
    if (dash == spec.npos) return {};
    auto const before = spec.substr(0, dash);
    auto const after = spec.substr(dash + 1);
    auto const last = read_number(after);
    if (before.empty()) {
        if (!last) return {};
        auto const size = std::min(*last, length);
        return {true, {length - size, size}};
    }
    auto const first = read_number(before);
    if (!first || (!after.empty() && !last) || (last && *last < *first)) return {};
    if (*first >= length) return {true, {0, 0}};
    return {true, {*first, std::min(last.value_or(length), length - 1) - *first + 1}};
}

bool are_close(byte_range a, byte_range b) noexcept {
    if (b.first < a.first) std::swap(a, b);
    auto const end = a.first + a.size;
    return b.first <= end || b.first - end < least_gap;
}

// All that the new range is close to become one, in the place of the first of them.
void add(std::vector<byte_range> &ranges, byte_range added) {
    auto const find_close = [&] {
        return std::find_if(ranges.begin(), ranges.end(), [&](byte_range r) { return are_close(r, added); });
    };
    auto place = ranges.end() - ranges.begin();
    for (auto at = find_close(); at != ranges.end(); at = find_close()) { // it may grow towards others
        auto const first = std::min(at->first, added.first);
        added = {first, std::max(at->first + at->size, added.first + added.size) - first};
        place = std::min(place, at - ranges.begin());
        ranges.erase(at);
    }
    ranges.insert(ranges.begin() + std::min(place, ranges.end() - ranges.begin()), added);
}

} // namespace

std::optional<std::vector<byte_range>> select_ranges(std::string_view field, std::uint64_t length, std::size_t most) {
    if (!iequals(field.substr(0, unit.size()), unit)) return std::nullopt;
    field.remove_prefix(unit.size());
    if (!field.starts_with('=')) return std::nullopt;
    std::vector<byte_range> ranges;
    std::size_t specs = 0;
    bool valid = true;
    bool is_nothing = false;
    for_each_part(field.substr(1), [&](std::string_view part) {
        if (part.empty() || !valid) return; // a list may have empty elements (5.6.1.2)
        auto const spec = read_spec(part, length);
        valid = spec.valid && ++specs <= most;
        if (!valid) return;
        if (spec.range.size != 0)
            add(ranges, spec.range);
        else if (length == 0 && part.front() == '-' && read_number(part.substr(1)) != 0U)
            is_nothing = true;
    });
    if (!valid || specs == 0 || is_nothing) return std::nullopt;
    return ranges;
}

} // namespace phial
