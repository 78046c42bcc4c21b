#include "phial/server/raw_head.hpp"

#include "phial/text/ascii.hpp"

namespace phial {

std::string_view other_version(std::string_view bytes) noexcept {
    constexpr std::size_t size = 8;
    auto const rest = bytes.substr(bytes.find(' ', bytes.find(' ') + 1) + 1).substr(0, size + 2);
    bool const well_formed = rest.size() >= size && rest.starts_with("HTTP/") && is_digit(rest[5]) && rest[6] == '.' &&
                             is_digit(rest[7]) && std::string_view("\r\n").starts_with(rest.substr(size));
    return well_formed ? rest : std::string_view();
}

bool has_bare_line_end(std::string_view bytes, std::size_t begin) noexcept {
    for (auto i = bytes.find_first_of("\r\n", begin); i != bytes.npos; i = bytes.find_first_of("\r\n", i + 1)) {
        if (bytes[i] == '\n') return true;
        if (++i == bytes.size()) return false;
        if (bytes[i] != '\n') return true;
    }
    return false;
}

} // namespace phial
