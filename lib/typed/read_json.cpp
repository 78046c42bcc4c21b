#include "phial/http/json_fault.hpp"
#include "phial/text/utf8.hpp"
#include "phial/typed/json_reader.hpp"
#include "phial/typed/read.hpp"

namespace phial {

std::optional<http_error> read_json(schema const &type, void *object, std::string_view text, std::size_t depth,
                                    memory_share &held, fault_list &found) {
    std::size_t const mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    auto const content = text.substr(mark);
    boost::json::parse_options options;
    options.max_depth = depth;
    options.allow_invalid_utf8 = true; // it is checked here, faster
    boost::json::basic_parser<json_reader> parser(options, type, object, held, found);
    boost::system::error_code ec;
    held.grow(content.size()); // texts are copied
    bool const is_json =
        is_utf8(content) && parser.write_some(false, content.data(), content.size(), ec) == content.size() && !ec;
    return is_json ? std::nullopt : detail::json_fault(text, mark, depth);
}

} // namespace phial
