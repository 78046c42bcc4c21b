#include "phial/typed/json_reader.hpp"

#include "phial/text/concat.hpp"
#include "phial/text/number.hpp"
#include "phial/typed/expectation.hpp"
#include "phial/typed/scalar.hpp"

#include <algorithm>
#include <utility>

namespace phial {

// Counted in steps, because counting costs more than most elements.
void json_reader::count(std::size_t bytes) {
    constexpr std::size_t step = 4096;
    if (bytes > counted_) {
        auto const more = std::max(bytes, step);
        held_.grow(more);
        counted_ += more;
    }
    counted_ -= bytes;
}

void json_reader::begin_object() { enter(schema_kind::object, schema_kind::dictionary, "an object", '{'); }

void json_reader::begin_array() { enter(schema_kind::array, schema_kind::array, "a list", '['); }

void json_reader::enter(schema_kind first, schema_kind second, std::string_view what, char opening) {
    if (depth_ > 0) {
        ++depth_;
        if (copy_) copy_.open(opening);
        return;
    }
    auto const p = inside(next());
    if (p.type != nullptr && (p.type->kind == first || p.type->kind == second)) {
        if (p.type->clear != nullptr) p.type->clear(p.at); // of its default
        levels_.push_back({p.type, p.at, p.type->kind == schema_kind::object ? &p.type->facts() : nullptr, 0,
                           static_cast<std::uint32_t>(-1), keys_.size()});
        return;
    }
    if (p.type != nullptr && p.type->kind == schema_kind::any) {
        copy_.begin(*static_cast<json *>(p.at), held_.account());
        copy_.open(opening);
    } else if (p.type != nullptr) {
        wrong(*p.type, what);
    }
    depth_ = 1;
}

void json_reader::end_object() {
    if (depth_ > 0) return leave('}');
    auto &l = levels_.back();
    if (l.type->kind == schema_kind::object) {
        for (auto missing = l.facts->required & ~l.seen; missing != 0 && !is_full(); missing &= missing - 1) {
            l.current = static_cast<std::uint32_t>(__builtin_ctz(missing));
            report(pointer(levels_.size()), "is missing", expectation(*l.type->members[l.current].type), "nothing");
        }
        if (l.type->check != nullptr && found_.empty()) check(l);
    } else if (l.seen > l.type->high) {
        wrong_size(l.seen, "an object", "member");
    }
    return leave('}');
}

void json_reader::end_array(std::size_t size) {
    if (depth_ > 0) return leave(']');
    auto const &type = *levels_.back().type;
    if (size < static_cast<std::size_t>(type.low) || size > type.high) wrong_size(size, "a list", "element");
    return leave(']');
}

void json_reader::leave(char closing) {
    if (depth_ == 0) {
        keys_.resize(levels_.back().key);
        levels_.pop_back();
        return;
    }
    --depth_;
    if (!copy_) return;
    copy_.close(closing);
    if (depth_ == 0) count(copy_.end());
}

void json_reader::key(std::string_view name) {
    if (depth_ > 0) {
        if (copy_) copy_.key(name);
        return;
    }
    pending_ = {nullptr, nullptr};
    auto &l = levels_.back();
    if (l.type->kind == schema_kind::object)
        key_of_object(l, name);
    else
        key_of_dictionary(l, name);
}

// Most clients send the members in the order of the documentation.
void json_reader::key_of_object(level &l, std::string_view name) {
    auto const members = l.type->members;
    auto const n = static_cast<std::uint32_t>(members.size());
    auto i = l.current + 1;
    for (std::uint32_t tries = 0; tries < n; ++tries, ++i) {
        if (i >= n) i = 0;
        if (members[i].name != name) continue;
        l.current = i;
        auto const bit = std::uint32_t{1} << i;
        if ((l.seen & bit) != 0) return twice();
        l.seen |= bit;
        pending_ = {members[i].type, static_cast<std::byte *>(l.object) + l.facts->offsets[i]};
        return;
    }
    if (!l.type->is_open && !is_full()) unknown(*l.type, name);
}

void json_reader::key_of_dictionary(level &l, std::string_view name) {
    keys_.resize(l.key);
    keys_ += name;
    ++l.seen;
    constexpr std::size_t node = 80; // of the map, with the key's string
    count(l.type->element->size + held_by_new(*l.type->element) + node + name.size());
    if (l.seen > l.type->high) return; // said at the end
    pending_ = {l.type->element, l.type->add(l.object, name)};
    if (pending_.at != nullptr) return;
    pending_.type = nullptr;
    twice();
}

// Of the value that begins.
json_reader::place json_reader::next() {
    if (levels_.empty() || levels_.back().type->kind != schema_kind::array) return std::exchange(pending_, {});
    auto &l = levels_.back();
    if (++l.current >= l.type->high) return {}; // said at the end
    auto const elements =
        l.current == 0 ? schema::first_elements : 2; // they move to a larger block when theirs is full
    count(elements * l.type->element->size + held_by_new(*l.type->element));
    return {l.type->element, l.type->add(l.object, {})};
}

json_reader::place json_reader::inside(place p) {
    while (p.type != nullptr && p.type->kind == schema_kind::optional) {
        if (auto const held = held_by_new(*p.type->element); held != 0) count(held);
        p = {p.type->element, p.type->add(p.at, {})};
    }
    return p;
}

} // namespace phial
