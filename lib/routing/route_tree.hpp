// Routes in a tree of path segments. Private to the router.
#pragma once

#include "phial/http/method.hpp"
#include "phial/routing/path_value.hpp"
#include "phial/routing/pattern.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

struct route_entry; // what the router knows about a route
struct route_node;

/// What a path and a method lead to.
struct route_match {
    route_entry const *route = nullptr;
    methods allowed;        // if there is no route: of all routes that match the path
    std::string_view allow; // the same as text; empty: they end at several nodes, whose lists are not put together yet
    path_values values;
};

/// The first and the last bytes of a segment. Of two segments with one size, which is at most 16, they are equal only
/// if the segments are.
struct segment_key {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(segment_key const &) const = default;
    auto operator<=>(segment_key const &) const = default;
};

/// The nodes after literal segments; there may be hundreds.
class literal_nodes {
  public:
    [[nodiscard]] route_node const *find(std::string_view segment) const noexcept;
    /// The node after that segment; a new one if there is none.
    [[nodiscard]] route_node &add(std::string_view segment);

  private:
    struct child {
        segment_key key;
        std::string text;
        std::unique_ptr<route_node> node;
    };

    std::vector<child> children_;       // by size, then by key, then by text
    std::vector<std::uint32_t> begins_; // where the children of each size begin; the last one: where all end
};

/// The position after some segments of a path.
struct route_node {
    literal_nodes literals;
    std::vector<std::pair<segment_kind, std::unique_ptr<route_node>>> parameters; // in the order they are tried
    methods allowed;                                                              // of the routes that end here
    std::string allow;                                                            // these and OPTIONS, for Allow
    std::vector<std::pair<methods, route_entry const *>> routes;

    [[nodiscard]] route_entry const *route_for(method m) const noexcept {
        for (auto const &[its_methods, route] : routes)
            if (its_methods.contains(m)) return route;
        return nullptr;
    }
};

/// The node at which a pattern ends that follows `from`; a new one if there is none.
[[nodiscard]] route_node &node_after(route_node &from, parsed_pattern const &pattern);

/// Looks up `path`, without its leading slash, from the root on. A literal is preferred to a parameter, and an integer
/// to a float, to a text, to a path. True if a route was found that has the method.
[[nodiscard]] bool find_route(route_node const &root, std::string_view path, method m, route_match &found);

} // namespace phial
