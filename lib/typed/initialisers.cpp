// The values that members have when a client does not send them: an object is made, and what it has is written.
#include "phial/typed/made_object.hpp"
#include "phial/typed/write.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace phial {
namespace {

// Empty if it cannot be written: infinity is a good initialiser, too.
std::string written(schema const &type, void const *at) {
    std::string text;
    try {
        write_json(type, at, text);
    } catch (std::invalid_argument const &) {
        text.clear();
    }
    return text;
}

} // namespace

std::vector<std::string> initialisers(schema const &object) {
    made_object const made(object);
    made_object const again(object);
    std::vector<std::string> all(object.members.size());
    for (std::size_t n = 0; n < all.size(); ++n) {
        auto const &type = *object.members[n].type;
        if ((object.facts().required >> n & 1U) != 0) continue; // perhaps there is no value yet
        if (type.kind == schema_kind::optional && type.elements(made.member(n)).size == 0) continue;
        if (type.kind == schema_kind::date_time || type.kind == schema_kind::full_date) continue; // probably now
        auto text = written(type, made.member(n));
        if (text == written(type, again.member(n))) all[n] = std::move(text); // else it is a number at random, or so
    }
    return all;
}

} // namespace phial
