// The values that members have when a client does not send them: an object is made, and what it has is written.
#include "phial/typed/made_object.hpp"
#include "phial/typed/write.hpp"

#include <stdexcept>

namespace phial {

std::vector<std::string> initialisers(schema const &object) {
    made_object const made(object);
    std::vector<std::string> all(object.members.size());
    for (std::size_t n = 0; n < all.size(); ++n) {
        auto const &type = *object.members[n].type;
        if ((object.facts().required >> n & 1U) != 0) continue; // perhaps there is no value yet
        if (type.kind == schema_kind::optional && type.elements(made.member(n)).size == 0) continue;
        try {
            write_json(type, made.member(n), all[n]);
        } catch (std::invalid_argument const &) { // infinity is a good initialiser, too
            all[n].clear();
        }
    }
    return all;
}

} // namespace phial
