// The layout of all HTML pages of a service.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// A complete HTML page, for small and wide screens, dark where the reader prefers that. It loads nothing and runs no
/// script. Both arguments are HTML.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view content);

} // namespace phial
