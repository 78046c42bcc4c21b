// Text made safe for HTML.
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// `s` for the content of an element or a quoted attribute: & < > " ' become references, control characters U+FFFD.
[[nodiscard]] std::string html_escape(std::string_view s);

} // namespace phial
