// Puts the members of objects in order, all objects of a text at once.
#pragma once

#include "phial/http/held_buffer.hpp"
#include "phial/http/held_text.hpp"

#include <cstdint>

namespace phial {

/// A part of a text. Canonical JSON has at most six bytes for one that came, and at most 512 MiB come.
struct text_range {
    using position = std::uint32_t;

    position begin;
    position end;
};

/// An object whose members are out of order: where they are in the text, and where the ranges of those that count, in
/// their order, are in a list.
struct disordered_object {
    text_range members;
    std::uint32_t first; // in the list
    std::uint32_t count;
};

/// A copy of `text`, counted in the same account, in which the members of `objects` are in the order that `list` says.
/// It copies each byte once, however deep it lies. Sorts `objects`. Throws what memory_account::take throws.
[[nodiscard]] held_text put_in_order(held_text const &text, held_buffer<disordered_object> &objects,
                                     held_buffer<text_range> const &list);

} // namespace phial
