#include "phial/http/tag_list.hpp"

#include "phial/http/coding_preference.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>

namespace phial {
namespace {

constexpr std::string_view weak = "W/";

std::string_view opaque(std::string_view tag) noexcept { return tag.starts_with(weak) ? tag.substr(weak.size()) : tag; }

// A tag without the closing quote and without the coding before it, and that coding.
struct tag_parts {
    std::string_view version;
    std::string_view coding = "identity";
};
tag_parts parts_of(std::string_view tag) noexcept {
    tag.remove_suffix(tag.ends_with('"') ? 1 : 0);
    auto const dash = tag.rfind('-');
    if (dash == tag.npos) return {tag};
    auto const suffix = tag.substr(dash + 1);
    auto const dot = suffix.find('.');
    auto const coding = suffix.substr(0, dot);
    if (std::ranges::find(known_codings, coding) == known_codings.end()) return {tag};
    auto const stamp = dot == suffix.npos ? std::string_view("0") : suffix.substr(dot + 1);
    bool const is_stamp =
        !stamp.empty() && std::all_of(stamp.begin(), stamp.end(), [](char c) { return hex_value(c) >= 0 || c == '.'; });
    return is_stamp ? tag_parts{tag.substr(0, dash), coding} : tag_parts{tag};
}

bool is_other_coding(std::string_view one, std::string_view tag, std::optional<std::string_view> accepted) noexcept {
    auto const [version, coding] = parts_of(opaque(one));
    if (version != parts_of(opaque(tag)).version) return false;
    if (!accepted) return true;
    return coding_quality(*accepted, coding).value_or(coding == "identity" ? 1 : 0) > 0;
}

bool are_comparable(std::string_view a, std::string_view b, tag_comparison how) noexcept {
    return how == tag_comparison::weakly || !(a.starts_with(weak) || b.starts_with(weak));
}

// Takes the entity tag at the beginning of `list` away from it; empty if there is none.
std::string_view take_tag(std::string_view &list) noexcept {
    auto const quote = std::size_t{list.starts_with(weak) ? weak.size() : 0};
    if (list.size() <= quote || list[quote] != '"') return {};
    auto const end = list.find('"', quote + 1);
    if (end == list.npos) return {};
    auto const tag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    return tag;
}

} // namespace

bool are_equal_tags(std::string_view a, std::string_view b, tag_comparison how) noexcept {
    return are_comparable(a, b, how) && opaque(a) == opaque(b);
}

// A tag may have a comma in it.
std::optional<std::string_view> find_tag(std::string_view list, std::string_view tag, tag_comparison how,
                                         std::optional<std::string_view> accepted) noexcept {
    list = trim(list);
    if (tag.empty()) return std::nullopt;
    if (list == "*") return tag;
    std::optional<std::string_view> found;
    for (;;) {
        while (list.starts_with(',')) list = trim(list.substr(1)); // empty elements (5.6.1.2)
        auto const one = take_tag(list);
        if (one.empty()) break;
        if (are_equal_tags(one, tag, how)) return tag;
        if (!found && are_comparable(one, tag, how) && is_other_coding(one, tag, accepted)) found = one;
        list = trim(list);
        if (!list.starts_with(',')) break;
    }
    return found;
}

} // namespace phial
