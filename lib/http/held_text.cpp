// Gives pages back by madvise(2).
#include "phial/http/held_text.hpp"

#include <cstdint>
#include <sys/mman.h>

namespace phial {
namespace {

constexpr std::size_t page = 4096;

} // namespace

void held_text::release_front(std::size_t n) noexcept {
    // Whole pages only: the first page also holds what malloc keeps in front of a block.
    auto const address = reinterpret_cast<std::uintptr_t>(bytes_.data());
    auto const first = (address + page - 1) / page * page - address + released_;
    auto const last = (address + n) / page * page - address;
    if (last <= first || last > bytes_.size()) return;
    // If this fails, the pages stay counted.
    if (::madvise(bytes_.data() + first, last - first, MADV_DONTNEED) != 0) return;
    bytes_.uncount(last - first);
    released_ += last - first;
}

} // namespace phial
