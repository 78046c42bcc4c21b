#include "phial/http/json_fault.hpp"
#include "phial/text/utf8.hpp"
#include "phial/typed/json_reader.hpp"
#include "phial/typed/json_scanner.hpp"
#include "phial/typed/read.hpp"

#include <algorithm>
#include <stdexcept>

namespace phial {

std::optional<http_error> read_json(schema const &type, void *object, std::string_view text, std::size_t depth,
                                    memory_share &held, fault_list &found) {
    std::size_t const mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    auto const content = text.substr(mark);
    held.grow(content.size()); // texts are copied
    depth = std::min(depth, deepest);
    json_reader reader(type, object, held, found);
    auto const result = is_utf8(content) ? scan_json(content, depth, reader) : scan_result::not_understood;
    if (result == scan_result::understood) return std::nullopt;
    auto error = detail::json_fault(text, mark, depth);
    if (!error && result == scan_result::not_understood)
        throw std::logic_error("json: a valid text was not understood");
    return error;
}

} // namespace phial
