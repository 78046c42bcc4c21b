#include "phial/routing/route_tree.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <tuple>

namespace phial {
namespace {

constexpr std::array parameter_kinds{segment_kind::integer, segment_kind::floating, segment_kind::text,
                                     segment_kind::path};

std::size_t rank(segment_kind kind) noexcept {
    return static_cast<std::size_t>(std::ranges::find(parameter_kinds, kind) - parameter_kinds.begin());
}

template <class Number>
std::uint64_t number_at(char const *p) noexcept {
    Number n;
    std::memcpy(&n, p, sizeof n);
    return n;
}

template <class Number>
segment_key ends_of(std::string_view s) noexcept {
    return {number_at<Number>(s.data()), number_at<Number>(s.data() + s.size() - sizeof(Number))};
}

segment_key key_of(std::string_view s) noexcept {
    if (s.size() >= 8) return ends_of<std::uint64_t>(s);
    if (s.size() >= 4) return ends_of<std::uint32_t>(s);
    if (s.size() >= 2) return ends_of<std::uint16_t>(s);
    return s.empty() ? segment_key() : ends_of<std::uint8_t>(s);
}

constexpr std::size_t decided_by_key = 16;

route_node &child_of(route_node &n, pattern_segment const &s) {
    if (s.kind == segment_kind::literal) return n.literals.add(s.text);
    auto const place =
        std::ranges::lower_bound(n.parameters, rank(s.kind), {}, [](auto const &p) { return rank(p.first); });
    if (place != n.parameters.end() && place->first == s.kind) return *place->second;
    return *n.parameters.emplace(place, s.kind, std::make_unique<route_node>())->second;
}

bool end_at(route_node const &n, method m, route_match &found) {
    found.route = n.route_for(m);
    if (found.route != nullptr) return true;
    found.allow = found.allowed.empty() ? std::string_view(n.allow) : "";
    found.allowed.insert(n.allowed);
    return false;
}

} // namespace

route_node const *literal_nodes::find(std::string_view segment) const noexcept {
    auto const size = segment.size();
    if (size + 1 >= begins_.size()) return nullptr;
    auto const key = key_of(segment);
    for (std::size_t low = begins_[size], high = begins_[size + 1]; low < high;) {
        auto const middle = (low + high) / 2;
        auto const &c = children_[middle];
        if (c.key == key && (size <= decided_by_key || c.text == segment)) return c.node.get();
        if (c.key < key || (c.key == key && c.text < segment))
            low = middle + 1;
        else
            high = middle;
    }
    return nullptr;
}

route_node &literal_nodes::add(std::string_view segment) {
    auto const size = segment.size();
    auto const key = key_of(segment);
    auto const order = [](std::string_view text, segment_key k) { return std::tuple(text.size(), k, text); };
    auto const place = std::ranges::lower_bound(children_, order(segment, key), {},
                                                [&](child const &c) { return order(c.text, c.key); });
    if (place != children_.end() && place->text == segment) return *place->node;
    auto const added = children_.insert(place, {key, std::string(segment), std::make_unique<route_node>()});
    if (begins_.size() < size + 2) begins_.resize(size + 2, static_cast<std::uint32_t>(children_.size() - 1));
    for (auto i = size + 1; i < begins_.size(); ++i) ++begins_[i];
    return *added->node;
}

route_node &node_after(route_node &from, parsed_pattern const &pattern) {
    auto *n = &from;
    for (std::size_t i = 0; i < pattern.size; ++i) n = &child_of(*n, pattern.segments[i]);
    return *n;
}

bool find_route(route_node const &root, std::string_view path, method m, route_match &found) {
    for (auto const *n = &root;;) {
        auto const slash = path.find('/');
        bool const is_last = slash == path.npos;
        auto const segment = path.substr(0, slash);
        auto const *const literal = n->literals.find(segment);
        if (n->parameters.empty()) { // nothing else to try
            if (literal == nullptr) return false;
            if (is_last) return end_at(*literal, m, found);
            n = literal;
            path.remove_prefix(slash + 1);
            continue;
        }
        auto const go_on = [&](route_node const &next, bool ends) {
            return ends ? end_at(next, m, found) : find_route(next, path.substr(slash + 1), m, found);
        };
        if (literal != nullptr && go_on(*literal, is_last)) return true;
        for (auto const &[kind, next] : n->parameters) {
            bool const is_path = kind == segment_kind::path;
            auto const value = convert(kind, is_path ? path : segment);
            if (!value) continue;
            found.values.push_back(*value);
            if (go_on(*next, is_last || is_path)) return true;
            found.values.pop_back();
        }
        return false;
    }
}

} // namespace phial
