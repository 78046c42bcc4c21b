// An object of a struct that only its schema knows.
#pragma once

#include "phial/typed/schema.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace phial {

/// Default-initialised, over bytes that are all `pattern`. The compiler does not know that, so what the initialisers
/// leave alone can be seen.
class made_object {
  public:
    explicit made_object(schema const &type, unsigned char pattern = 0)
        : type_(type),
          room_(::operator new(type.size, std::align_val_t{type.alignment}), release{type.alignment}) {
        std::memset(room_.get(), pattern, type.size);
        void *const at = room_.get();
        asm volatile("" : : "r"(at) : "memory");
        type.make(at);
        asm volatile("" : : "r"(at) : "memory");
        type.addresses(at, members_.data());
    }
    made_object(made_object const &) = delete;
    made_object &operator=(made_object const &) = delete;
    ~made_object() { type_.destroy(room_.get()); }

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

} // namespace phial
