#include "phial/service/capacity.hpp"

#include <algorithm>

namespace phial {
namespace {

// Bytes that a connection holds at most, without what has separate limits. A client that sends a large head or the
// beginning of a body and stops there costs 85 KiB (a work space, coroutines), one that sends its head slowly byte by
// byte 44 KiB, an idle one 2 KiB.
constexpr std::uint64_t connection_memory = 96 * 1024;

} // namespace

std::uint64_t default_connections(machine const &host, std::uint64_t wanted) noexcept {
    auto const file_bound = std::max<std::uint64_t>(host.open_files - host.open_files / 4, own_files + 1) - own_files;
    auto const memory_bound = std::max<std::uint64_t>(host.memory / 4 / connection_memory, 1);
    return std::min({wanted, file_bound, memory_bound});
}

std::uint64_t turned_away_connections(machine const &host, std::uint64_t connections) noexcept {
    auto const taken = std::min(host.open_files, connections + own_files);
    return std::clamp<std::uint64_t>((host.open_files - taken) / 2, 4, 256);
}

} // namespace phial
