// Puts the members of objects in order, by the code points of their names, while their text is written.
#pragma once

#include "phial/http/held_buffer.hpp"
#include "phial/http/held_text.hpp"

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
        position first; // of its members, among those of all open objects
        position text;  // where its first member begins
        bool is_sorted = true;
        bool is_unescaped =
            false; // its keys are in keys_, because one has escapes; else they are where they are written
    };

    /// An object whose members begin at `text`.
    [[nodiscard]] object open(std::size_t text) const noexcept { return {narrow(members_.size()), narrow(text)}; }

    /// Its next member: its name is written as text[begin, end), with the quotes.
    void add(object &to, char const *text, std::size_t begin, std::size_t end, bool has_escapes) {
        members_.push_back({narrow(begin), narrow(end - 1)});
        if (has_escapes || to.is_unescaped) unescape_keys(to, text);
        if (!to.is_sorted || members_.size() - to.first < 2) return;
        // Most keys differ in their first bytes. An empty one has the quote there.
        auto const previous = text[members_[members_.size() - 2].text + 1];
        auto const first = text[begin + 1];
        if (!to.is_unescaped && first > previous && first > '"') return;
        auto const i = narrow(members_.size() - 1);
        to.is_sorted = key(to, text, i - 1) < key(to, text, i);
    }

    /// The object ends at text[end]; objects end in the reverse order. Returns where it ends then. Up to `slack` bytes
    /// after the end may be overwritten.
    [[nodiscard]] std::size_t close(object const &ended, char *text, std::size_t end) {
        if (members_.size() == ended.first) return end;
        if (!ended.is_sorted) end = put_in_order(ended, text, end);
        if (ended.is_unescaped) keys_.resize_down(members_[ended.first].key);
        members_.resize_down(ended.first);
        return end;
    }
    static constexpr std::size_t slack = 16;

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

    // The last member's key, and those before it if they are not yet there, are written to keys_.
    void unescape_keys(object &of, char const *text);

    std::size_t put_in_order(object const &ended, char *text, std::size_t end);
    bool sort_few(object const &ended, char const *text, std::span<position> order) const noexcept;
    void sort(object const &ended, char const *text, std::span<position> order) const;
    // Which members are kept, in their order; `order` has room for all of them.
    std::span<position const> in_order(object const &ended, char const *text, std::span<position> order) const;
    text_range range(position i, std::size_t end) const noexcept;
    std::size_t rewrite(object const &ended, char *text, std::size_t end,
                        std::span<position const> kept) const noexcept;

    held_buffer<member> members_; // of the open objects
    held_text keys_;              // of the open objects that have escapes in keys: unescaped, one after the other
    held_buffer<disordered_object> objects_;
    held_buffer<text_range> ordered_; // the ranges of their members, in order
};

} // namespace phial
