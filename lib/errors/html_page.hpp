// What all pages of this service look like.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// A whole HTML page, for a phone as for a wide screen, dark where the reader prefers that. It loads nothing and runs
/// nothing. Both arguments are HTML.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view content);

} // namespace phial
