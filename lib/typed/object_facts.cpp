// Which members of a struct have initialisers. C++20 cannot say it, so an object is made in memory that is filled with
// a pattern, and in memory with another: a member that keeps both was not initialised. It reads bytes that the language
// calls indeterminate, as unsigned char, behind a barrier, so that compilers do not reason about them; it happens once
// for each type.
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
    case schema_kind::object: {
        std::array<void *, most_members> members{};
        type.addresses(at, members.data());
        for (std::size_t n = 0; n < type.members.size(); ++n)
            if (auto const seen = witness(*type.members[n].type, members[n]); !seen.empty()) return seen;
        return {};
    }
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
          room_(::operator new(type.size, std::align_val_t{alignof(std::max_align_t)})) {
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
        void operator()(void *room) const noexcept {
            ::operator delete(room, std::align_val_t{alignof(std::max_align_t)});
        }
    };
    schema const &type_;
    std::unique_ptr<void, release> room_;
    std::array<void *, most_members> members_{};
};

bool keeps(schema const &type, void *at, unsigned char pattern) {
    auto const seen = witness(type, at);
    return !seen.empty() && std::all_of(seen.begin(), seen.end(), [pattern](unsigned char c) { return c == pattern; });
}

} // namespace

object_facts find_facts(schema const &type) {
    constexpr unsigned char first = 0xA5, second = 0x5A;
    sample const a(type, first), b(type, second);
    object_facts facts;
    for (std::size_t n = 0; n < type.members.size(); ++n) {
        auto const &member = *type.members[n].type;
        facts.offsets.push_back(a.offset(n));
        if (member.kind == schema_kind::optional) continue;
        bool const is_seen = !witness(member, a.member(n)).empty();
        bool const is_required = is_seen ? keeps(member, a.member(n), first) && keeps(member, b.member(n), second)
                                         : !has_content(member, a.member(n));
        if (is_required) facts.required |= std::uint32_t{1} << n;
    }
    return facts;
}

} // namespace phial
