// Small objects are rewritten where they are. For the others the text is copied once, with a stack of the open objects.
#include "phial/http/json_order.hpp"

#include "phial/text/json_text.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

namespace phial {
namespace {

// Copies a text and puts the members of its objects in order.
class orderer {
  public:
    orderer(held_text const &text, held_buffer<disordered_object> &objects, held_buffer<text_range> const &list)
        : text_(text),
          objects_(objects),
          list_(list),
          out_(text.account()),
          open_(text.account()) {
        std::sort(objects_.begin(), objects_.end(),
                  [](auto const &a, auto const &b) { return a.members.begin < b.members.begin; });
        out_.reserve(text.size());
    }

    held_text run() {
        text_range rest{0, static_cast<text_range::position>(text_.size())};
        for (;;) {
            auto const *const object = first_object(rest);
            append({rest.begin, object == nullptr ? rest.end : object->members.begin});
            if (object != nullptr) open_.push_back({object, 0, rest.end});
            if (open_.empty()) return std::move(out_);
            rest = next_piece();
        }
    }

  private:
    struct open_object {
        disordered_object const *object;
        text_range::position member; // the next one
        text_range::position end;    // of the range that the object is in
    };

    // The first object to put in order that begins in `range`, but not at its beginning: there is a bracket or a
    // member's name. (An object begins where its first member does.)
    disordered_object const *first_object(text_range range) const {
        auto const *const found = std::upper_bound(objects_.begin(), objects_.end(), range.begin,
                                                   [](auto p, auto const &o) { return p < o.members.begin; });
        return found != objects_.end() && found->members.begin < range.end ? found : nullptr;
    }

    void append(text_range piece) { out_ += text_.view().substr(piece.begin, piece.end - piece.begin); }

    // The next member of the innermost open object, or the text after that object.
    text_range next_piece() {
        auto &inner = open_.back();
        if (inner.member < inner.object->count) {
            if (inner.member != 0) out_ += ',';
            return list_[inner.object->first + inner.member++];
        }
        text_range const rest{inner.object->members.end, inner.end};
        open_.resize_down(open_.size() - 1);
        return rest;
    }

    held_text const &text_;
    held_buffer<disordered_object> &objects_;
    held_buffer<text_range> const &list_;
    held_text out_;
    held_buffer<open_object> open_;
};

// An object up to this size is put in order when it ends. It may be inside of others of this size: then its bytes are
// copied for each of them, 150 at most.
constexpr std::size_t small = 1024;
constexpr std::size_t shortest_member = 5; // "":0 and a comma

// The first eight bytes of a plain key as a number, which is larger if they come later. A key has no zeros, so they
// stand for none. Eight bytes are read in any case.
std::uint64_t beginning_of(std::string_view key) noexcept {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, key.data(), sizeof bytes);
    if constexpr (std::endian::native == std::endian::little) bytes = __builtin_bswap64(bytes);
    return key.size() >= sizeof bytes ? bytes : bytes & ~(~std::uint64_t{0} >> (8 * key.size()));
}

void append_unescaped(held_text &out, std::string_view written) {
    for (;;) {
        auto const plain = written.substr(0, written.find('\\'));
        out += plain;
        written.remove_prefix(plain.size());
        if (written.empty()) return;
        auto const [c, length] = read_json_escape(written);
        char bytes[4];
        out += std::string_view(bytes, static_cast<std::size_t>(write_utf8(bytes, c) - bytes));
        written.remove_prefix(length);
    }
}

} // namespace

void member_order::compare_last(object &of, char const *text, bool has_escapes) {
    if (has_escapes || of.is_unescaped) unescape_keys(of, text);
    auto const i = narrow(members_.size() - 1);
    if (of.unsorted == 0 && i != of.first && compare(of, text, i - 1, i) >= 0) of.unsorted = i;
    // An empty key has the quote there.
    of.greatest = of.is_unescaped ? '\x7F' : std::max('"', text[members_[i].text + 1]);
}

// Of two keys. Most differ in their first bytes.
inline int member_order::compare(object const &of, char const *text, position a, position b) const noexcept {
    auto const one = key(of, text, a);
    auto const other = key(of, text, b);
    if (!of.is_unescaped) {
        auto const x = beginning_of(one);
        auto const y = beginning_of(other);
        if (x != y) return x < y ? -1 : 1;
    }
    return one.compare(other);
}

void member_order::unescape_keys(object &of, char const *text) {
    auto i = of.is_unescaped ? members_.size() - 1 : of.first;
    of.is_unescaped = true;
    for (; i < members_.size(); ++i) {
        auto &m = members_[i];
        std::string_view const written(text + m.text + 1, m.key - m.text - 1);
        m.key = narrow(keys_.size());
        append_unescaped(keys_, written);
    }
}

inline text_range member_order::range(position i, std::size_t end) const noexcept {
    return {members_[i].text, i + 1 < members_.size() ? members_[i + 1].text - 1 : narrow(end)};
}

std::size_t member_order::put_in_order(object const &ended, char *text, std::size_t end) {
    auto const n = members_.size() - ended.first;
    auto const begin = members_[ended.first].text;
    if (end - begin <= small) {
        std::array<position, small / shortest_member + 1> order;
        auto const moved = sort_few(ended, text, {order.data(), n});
        if (moved < n) return rewrite(ended.first + narrow(moved), text, end, {order.data() + moved, n - moved});
        return rewrite(ended.first, text, end, sort(ended, text, {order.data(), n}));
    }
    held_buffer<position> order(members_.account());
    auto const kept = sort(ended, text, {order.room(n), n});
    objects_.push_back({{begin, narrow(end)}, narrow(ordered_.size()), narrow(kept.size())});
    for (auto const i : kept) ordered_.push_back(range(i, end));
    return end;
}

// By the first eight bytes of the keys. Returns the first that is another one then; none, if these do not decide, or
// there are many members.
inline std::size_t member_order::sort_few(object const &ended, char const *text,
                                          std::span<position> order) const noexcept {
    std::array<std::uint64_t, 16> beginnings;
    if (order.size() > beginnings.size() || ended.is_unescaped) return order.size();
    std::size_t const sorted = ended.unsorted - ended.first;
    auto moved = sorted;
    auto filled = sorted; // the first that is in the arrays: those before it may not be needed
    auto const fill = [&](std::size_t i) {
        order[i] = narrow(ended.first + i);
        beginnings[i] = beginning_of(key(ended, text, order[i]));
    };
    for (auto i = sorted; i < order.size(); ++i) {
        fill(i);
        auto const own = beginnings[i];
        auto place = i;
        for (; place > 0; --place) {
            if (place == filled) fill(--filled);
            if (own > beginnings[place - 1]) break;
            if (own == beginnings[place - 1]) return order.size();
            beginnings[place] = beginnings[place - 1];
            order[place] = order[place - 1];
        }
        beginnings[place] = own;
        order[place] = narrow(ended.first + i);
        moved = std::min(moved, place);
    }
    return moved;
}

// Returns the members that are kept.
std::span<member_order::position const> member_order::sort(object const &ended, char const *text,
                                                           std::span<position> order) const {
    std::iota(order.begin(), order.end(), ended.first);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) {
        auto const compared = compare(ended, text, a, b);
        return compared < 0 || (compared == 0 && a < b);
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        bool const is_last = i + 1 == order.size() || compare(ended, text, order[i], order[i + 1]) != 0;
        if (is_last) order[kept++] = order[i];
    }
    return order.first(kept);
}

// The members from `first` on become those of `order`.
inline std::size_t member_order::rewrite(position first, char *text, std::size_t end,
                                         std::span<position const> order) const noexcept {
    auto const begin = members_[first].text;
    std::array<char, small> before;
    std::memcpy(before.data(), text + begin, end - begin);
    auto *out = text + begin;
    for (auto const i : order) {
        auto const from = range(i, end);
        if (out != text + begin) *out++ = ',';
        std::memcpy(out, before.data() + (from.begin - begin), from.end - from.begin);
        out += from.end - from.begin;
    }
    return static_cast<std::size_t>(out - text);
}

held_text member_order::finish(held_text text) {
    if (objects_.empty()) return text;
    return orderer(text, objects_, ordered_).run();
}

} // namespace phial
