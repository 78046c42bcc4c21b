// Puts the members of objects in order, by the code points of their names, while their text is written.
#pragma once

#include "phial/http/held_buffer.hpp"
#include "phial/http/held_text.hpp"
#include "phial/http/short_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

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

/// Notes where the members of the open objects are. A small object that is out of order is put in order when it ends;
/// large ones are noted, and put in order at the end of the text, all at once: so a byte is not copied once more for
/// each object that it is in. Of members with equal names the last one is kept. What it needs is counted in the
/// account. All throw what memory_account::take throws.
class member_order {
  public:
    using position = text_range::position;

    explicit member_order(std::shared_ptr<memory_account> const &account)
        : members_(account),
          keys_(account),
          objects_(account),
          ordered_(account) {}

    struct object {
        position first = 0;    // of its members, among those of all open objects
        position unsorted = 0; // the first of them that is out of order; 0: none is
        char greatest = '"';   // a key that begins with a greater byte comes after all others
        bool is_unescaped =
            false; // its keys are in keys_, because one has escapes; else they are where they are written
    };

    /// An object whose first member comes next.
    [[nodiscard]] object open() const noexcept { return {narrow(members_.size()), 0, '"', false}; }

    /// Its next member: its name is written as text[begin, end), with the quotes.
    void add(object &to, char const *text, std::size_t begin, std::size_t end, bool has_escapes) {
        members_.push_back({narrow(begin), narrow(end - 1)});
        auto const first = text[begin + 1];
        if (first > to.greatest && !has_escapes)
            to.greatest = first;
        else
            compare_last(to, text, has_escapes);
    }

    /// The object ends at text[end]; objects end in the reverse order. Returns where it ends then.
    [[nodiscard]] std::size_t close(object const &ended, char *text, std::size_t end) {
        if (ended.unsorted != 0) end = put_in_order(ended, text, end);
        if (ended.is_unescaped) keys_.resize_down(members_[ended.first].key);
        members_.resize_down(ended.first);
        return end;
    }

    /// The text, with all objects in order. Objects that are not closed are left as they are.
    [[nodiscard]] held_text finish(held_text text);

  private:
    struct member {
        position text; // where its text begins; it ends at the comma before the next member
        position key;  // where its key ends in the text, before the quote; or where it begins in keys_
    };

    static position narrow(std::size_t n) noexcept { return static_cast<position>(n); }

    std::string_view key(object const &of, char const *text, position i) const noexcept {
        auto const &m = members_[i];
        if (!of.is_unescaped) return {text + m.text + 1, m.key - m.text - 1};
        auto const end = i + 1 < members_.size() ? members_[i + 1].key : keys_.size();
        return keys_.view().substr(m.key, end - m.key);
    }

    // Sees whether the last member comes after the one before.
    void compare_last(object &of, char const *text, bool has_escapes);

    // The last member's key, and those before it if they are not yet there, are written to keys_.
    void unescape_keys(object &of, char const *text);

    int compare(object const &of, char const *text, position a, position b) const noexcept;
    text_range range(position i, std::size_t end) const noexcept;

    std::size_t put_in_order(object const &ended, char *text, std::size_t end);
    std::size_t sort_few(object const &ended, char const *text, std::span<position> order) const noexcept;
    std::span<position const> sort(object const &ended, char const *text, std::span<position> order) const;
    std::size_t rewrite(position first, char *text, std::size_t end, std::span<position const> order) const noexcept;

    short_buffer<member, 32> members_; // of the open objects
    held_text keys_;                   // of the open objects that have escapes in keys: unescaped, one after the other
    held_buffer<disordered_object> objects_;
    held_buffer<text_range> ordered_; // the ranges of their members, in order
};

} // namespace phial
