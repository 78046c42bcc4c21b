#include "phial/routing/blueprint.hpp"

#include <stdexcept>

namespace phial {

blueprint::blueprint(std::string prefix) : prefix_(std::move(prefix)) {
    if (prefix_.empty()) return;
    auto const parsed = parse_pattern(prefix_);
    if (parsed.error != pattern_error::none || parsed.parameters() != 0 || prefix_.ends_with('/'))
        throw std::invalid_argument("blueprint: the prefix '" + prefix_ +
                                    "' is not like '/shop': a slash in front, none at the end, no parameters");
}

} // namespace phial
