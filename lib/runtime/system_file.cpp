#include "phial/runtime/system_file.hpp"

#include "phial/runtime/descriptor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>

namespace phial {

std::string read_system_file(std::filesystem::path const &path) {
    std::string text;
    descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return text;
    std::array<char, 4096> part;
    for (;;) {
        auto const n = ::read(file.get(), part.data(), part.size());
        if (n <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(n));
    }
}

std::optional<std::uint64_t> take_number(std::string_view &text) noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint64_t number = 0;
    auto const *const end = text.data() + text.size();
    auto const [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc()) return std::nullopt;
    text = {rest, end};
    return number;
}

} // namespace phial
