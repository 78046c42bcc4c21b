#include "phial/typed/from_json.hpp"

#include "phial/http/limits.hpp"
#include "phial/typed/faults.hpp"
#include "phial/typed/read.hpp"

#include <utility>

namespace phial {

void detail::read_whole_json(schema const &type, void *object, std::string_view text) {
    memory_share not_counted;
    fault_list found;
    if (auto error = read_json(type, object, text, message_limits().json_depth, not_counted, found))
        throw std::move(*error);
    if (!found.empty()) throw unprocessable(std::move(found));
}

} // namespace phial
