// The layout of all HTML pages of a service.
#pragma once

#include "phial/http/field_lines.hpp"

#include <string>
#include <string_view>

namespace phial {

/// A complete HTML page, for small and wide screens, dark where the reader prefers that. It loads nothing and runs no
/// script. Both arguments are HTML.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view content);

/// The field that belongs to each such page: nothing but its own style applies, whatever else gets into it. The style
/// is named by its SHA-256, which a test compares.
inline constexpr literal_field html_page_policy{
    "Content-Security-Policy: default-src 'none'; style-src 'sha256-fPiz0bfWwyTMgGwCeLnrPB+q+p5R5CeTGcbsRm/NCS0='; "
    "base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"};

} // namespace phial
