// Puts the members of objects in order, for all objects of a text at once.
#pragma once

#include "phial/http/held_buffer.hpp"
#include "phial/http/held_text.hpp"

#include <cstdint>

namespace phial {

/// A part of a text. 32 bits are enough: at most 512 MiB are parsed, and canonical JSON has at most six bytes for each
/// parsed one.
struct text_range {
    using position = std::uint32_t;

    position begin;
    position end;
};

/// An object whose members are out of order: where its members are in the text, and which ranges of a list are the
/// members to keep, in order.
struct disordered_object {
    text_range members;
    std::uint32_t first; // in the list
    std::uint32_t count;
};

/// A copy of `text`, counted in the same account, with the members of `objects` in the order of `list`. Each byte is
/// copied once, however deep it is nested. Sorts `objects`. Throws what memory_account::take throws.
[[nodiscard]] held_text put_in_order(held_text const &text, held_buffer<disordered_object> &objects,
                                     held_buffer<text_range> const &list);

} // namespace phial
