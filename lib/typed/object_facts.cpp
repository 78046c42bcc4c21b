// Which members of a struct have initialisers. C++20 cannot say it, so an object is made in memory that is filled with
// a pattern, and another one over another pattern: a member that keeps both was not initialised. The language calls the
// bytes that are read here indeterminate. They are read as unsigned char and after a barrier, so that a compiler makes
// no assumption about them, once for each type.
#include "phial/typed/schema.hpp"
#include "phial/typed/types.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>

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

// An object over a pattern.
class sample {
  public:
    sample(schema const &type, unsigned char pattern)
        : type_(type),
          room_(::operator new(type.size, std::align_val_t{type.alignment}), release{type.alignment}) {
        std::memset(room_.get(), pattern, type.size);
        void *const at = room_.get();
        asm volatile("" : : "r"(at) : "memory");
        type.make(at);
        asm volatile("" : : "r"(at) : "memory");
        type.addresses(at, members_.data());
    }
    sample(sample const &) = delete;
    sample &operator=(sample const &) = delete;
    ~sample() { type_.destroy(room_.get()); }

    [[nodiscard]] void *member(std::size_t n) const noexcept { return members_[n]; }
    [[nodiscard]] std::uint32_t offset(std::size_t n) const noexcept {
        return static_cast<std::uint32_t>(static_cast<std::byte *>(members_[n]) -
                                          static_cast<std::byte *>(room_.get()));
    }

  private:
    struct release {
        std::size_t alignment;
        void operator()(void *room) const noexcept { ::operator delete(room, std::align_val_t{alignment}); }
    };
    schema const &type_;
    std::unique_ptr<void, release> room_;
    std::array<void *, most_members> members_{};
};

constexpr unsigned char first_pattern = 0xA5, second_pattern = 0x5A;

bool keeps(schema const &type, void *at, unsigned char pattern) {
    auto const seen = witness(type, at);
    return std::all_of(seen.begin(), seen.end(), [pattern](unsigned char c) { return c == pattern; });
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
    sample const a(type, first_pattern), b(type, second_pattern);
    object_facts facts;
    for (std::size_t n = 0; n < type.members.size(); ++n) {
        facts.offsets.push_back(a.offset(n));
        if (is_required(*type.members[n].type, a.member(n), b.member(n))) facts.required |= std::uint32_t{1} << n;
    }
    return facts;
}

} // namespace phial
