// Goes through the text once, with a stack of the open objects.
#include "phial/http/json_order.hpp"

#include <algorithm>
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

} // namespace

held_text put_in_order(held_text const &text, held_buffer<disordered_object> &objects,
                       held_buffer<text_range> const &list) {
    return orderer(text, objects, list).run();
}

} // namespace phial
