#include "phial/settings/quantity.hpp"

#include <charconv>
#include <limits>

namespace phial {
namespace {

// The factor of a suffix; 0 when the unit does not have this suffix.
std::uint64_t factor(std::string_view suffix, unit kind) noexcept {
    if (suffix.empty() || (kind == unit::seconds && suffix == "s")) return 1;
    if (kind != unit::bytes) return 0;
    if (suffix == "KiB") return kib;
    if (suffix == "MiB") return mib;
    return suffix == "GiB" ? gib : 0;
}

} // namespace

std::optional<std::uint64_t> parse_quantity(std::string_view text, unit kind) noexcept {
    std::uint64_t n = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    auto const times = factor(text.substr(static_cast<std::size_t>(end - text.data())), kind);
    if (ec != std::errc() || times == 0 || n > std::numeric_limits<std::uint64_t>::max() / times) return std::nullopt;
    return n * times;
}

std::string quantity_text(std::uint64_t n, unit kind) {
    if (kind == unit::seconds) return std::to_string(n) + 's';
    if (kind == unit::count || n == 0 || n % kib != 0) return std::to_string(n);
    if (n % gib == 0) return std::to_string(n / gib) + "GiB";
    if (n % mib == 0) return std::to_string(n / mib) + "MiB";
    return std::to_string(n / kib) + "KiB";
}

} // namespace phial
