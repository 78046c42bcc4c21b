// What the page at /docs loads: the files in lib/openapi/page.
#pragma once

#include <string_view>

namespace phial {

[[nodiscard]] std::string_view page_style() noexcept;
[[nodiscard]] std::string_view page_script() noexcept;

} // namespace phial
