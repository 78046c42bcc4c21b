// What the page at /docs loads: the files in lib/openapi/page.
#pragma once

#include <span>
#include <string_view>

namespace phial {

struct page_file {
    std::string_view name; // "style.css"
    std::string_view content;
};

[[nodiscard]] std::span<page_file const> page_files() noexcept;

} // namespace phial
