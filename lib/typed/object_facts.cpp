// Which members of a struct have initialisers. C++20 cannot say it, so an object is made in memory that is filled with
// a pattern, and another one over another pattern: a member that keeps both was not initialised. The language calls the
// bytes that are read here indeterminate. They are read as unsigned char and after a barrier, so that a compiler makes
// no assumption about them, once for each type.
#include "phial/typed/made_object.hpp"
#include "phial/typed/schema.hpp"
#include "phial/typed/types.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace phial {
namespace {

using bytes = std::span<unsigned char const>;

// The bytes of a member that each initialiser writes; none if there are no such bytes.
bytes witness(schema const &type, void *at) {
    if (type.mark != nullptr) return {type.mark(at), 1};
    switch (type.kind) {
    case schema_kind::boolean:
    case schema_kind::integer:
    case schema_kind::real:
    case schema_kind::full_date:
    case schema_kind::enumeration: return {static_cast<unsigned char const *>(at), type.size};
    default: return {};
    }
}

// Of types whose constructor always writes, such as std::string: a member may be left out if it has content.
bool has_content(schema const &type, void *at) {
    switch (type.kind) {
    case schema_kind::string: return !static_cast<std::string const *>(at)->empty();
    case schema_kind::array: return type.elements(at).size != 0;
    case schema_kind::dictionary: {
        bool found = false;
        type.each(at, &found,
                  [](void *context, std::string_view, void const *) { *static_cast<bool *>(context) = true; });
        return found;
    }
    case schema_kind::any: return !type.is_null(at);
    case schema_kind::date_time: return *static_cast<moment const *>(at) != moment();
    default: return false;
    }
}

constexpr unsigned char first_pattern = 0xA5, second_pattern = 0x5A;

bool keeps(schema const &type, void *at, unsigned char pattern) {
    auto const seen = witness(type, at);
    return std::all_of(seen.begin(), seen.end(), [pattern](unsigned char c) { return c == pattern; });
}

// What a value holds besides its own bytes.
std::size_t held_by(schema const &type, void const *at) {
    std::size_t sum = 0;
    switch (type.kind) {
    case schema_kind::string:
        if (auto const &text = *static_cast<std::string const *>(at); text.capacity() > std::string().capacity())
            sum = text.capacity() + 1;
        return sum;
    case schema_kind::array:
    case schema_kind::optional: {
        auto const [begin, size] = type.elements(at);
        if (type.kind == schema_kind::array) sum = size * type.element->size;
        for (std::size_t n = 0; n < size; ++n)
            sum += held_by(*type.element, static_cast<std::byte const *>(begin) + n * type.element->size);
        return sum;
    }
    case schema_kind::dictionary: {
        struct counting {
            schema const &element;
            std::size_t sum = 0;
        } count{*type.element};
        type.each(at, &count, [](void *context, std::string_view key, void const *value) {
            constexpr std::size_t node = 80;
            auto &to = *static_cast<counting *>(context);
            to.sum += node + key.size() + to.element.size + held_by(to.element, value);
        });
        return count.sum;
    }
    case schema_kind::object: {
        auto const &facts = type.facts();
        for (std::size_t n = 0; n < type.members.size(); ++n)
            if ((facts.required >> n & 1U) == 0) // others may have no value yet
                sum += held_by(*type.members[n].type, static_cast<std::byte const *>(at) + facts.offsets[n]);
        return sum;
    }
    default: return sum;
    }
}

// Whether a client must send a member, which is at `a` in the one sample and at `b` in the other. A struct must be sent
// if one of its members must, and it has no initialiser that gives that one.
bool is_required(schema const &type, void *a, void *b) {
    if (type.kind == schema_kind::optional) return false;
    if (type.kind == schema_kind::object) {
        std::array<void *, most_members> in_a{}, in_b{};
        type.addresses(a, in_a.data());
        type.addresses(b, in_b.data());
        for (std::size_t n = 0; n < type.members.size(); ++n)
            if ((type.facts().required >> n & 1U) != 0 && is_required(*type.members[n].type, in_a[n], in_b[n]))
                return true;
        return false;
    }
    if (witness(type, a).empty()) return !has_content(type, a);
    return keeps(type, a, first_pattern) && keeps(type, b, second_pattern);
}

} // namespace

object_facts find_facts(schema const &type) {
    made_object const a(type, first_pattern), b(type, second_pattern);
    object_facts facts;
    for (std::size_t n = 0; n < type.members.size(); ++n) {
        facts.offsets.push_back(a.offset(n));
        if (is_required(*type.members[n].type, a.member(n), b.member(n)))
            facts.required |= std::uint32_t{1} << n;
        else
            facts.held += held_by(*type.members[n].type, a.member(n));
    }
    return facts;
}

} // namespace phial
