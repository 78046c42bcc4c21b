// What a route allows its requests, where that differs from the service's settings.
#pragma once

#include <cstdint>
#include <optional>

namespace phial {

struct route_limits {
    std::optional<std::uint64_t> body; // bytes; nothing: as the service's settings say
    unsigned handler_seconds = 0;      // 0: as the service's settings say

    [[nodiscard]] bool empty() const noexcept { return !body && handler_seconds == 0; }
};

} // namespace phial
