#include "phial/backtrace/stack_trace.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <unwind.h>

namespace phial {
namespace {

using destructor = void (*)(void *);

struct call_stack {
    std::array<std::uintptr_t, stack_capture::most_frames> addresses{};
    std::size_t depth = 0;
};

// The stacks of the living exception objects, by their addresses. A record ends with its object, because a later object
// may have the same address.
class live_exceptions {
  public:
    // Whether there was room. noexcept: if the mutex cannot be locked within a throw, the process has to end.
    bool add(void const *object, destructor original, call_stack const &stack) noexcept {
        std::lock_guard const lock(mutex_);
        auto *const free = find(nullptr);
        if (free == nullptr) return false;
        *free = {object, original, stack};
        return true;
    }

    // Returns the object's destructor, null if it needs none.
    destructor remove(void const *object) noexcept {
        std::lock_guard const lock(mutex_);
        auto *const found = find(object);
        found->object = nullptr;
        return found->original;
    }

    std::vector<std::uintptr_t> stack_of(void const *object) {
        std::lock_guard const lock(mutex_);
        auto const *const found = find(object);
        if (found == nullptr) return {};
        auto const &stack = found->stack;
        return {stack.addresses.begin(), stack.addresses.begin() + static_cast<std::ptrdiff_t>(stack.depth)};
    }

  private:
    struct record {
        void const *object = nullptr; // null: free
        destructor original = nullptr;
        call_stack stack;
    };

    record *find(void const *object) noexcept {
        auto *const found =
            std::find_if(records_.begin(), records_.end(), [object](record const &r) { return r.object == object; });
        return found == records_.end() ? nullptr : found;
    }

    std::mutex mutex_;
    std::array<record, stack_capture::most_exceptions> records_{};
};

// Global, because __cxa_throw is. An exception may outlive the capture.
constinit std::atomic<bool> capturing = false;
constinit live_exceptions live;

struct walk {
    std::uintptr_t begin; // the address the walk's first frame returns to
    call_stack stack;
    bool begun = false;
};

_Unwind_Reason_Code visit(_Unwind_Context *frame, void *data) noexcept {
    auto &state = *static_cast<walk *>(data);
    int is_exact = 0; // otherwise it is a return address: the call is before it
    auto const address = static_cast<std::uintptr_t>(_Unwind_GetIPInfo(frame, &is_exact));
    state.begun = state.begun || address == state.begin;
    if (!state.begun) return _URC_NO_REASON; // a frame of this file
    if (address == 0 || state.stack.depth == state.stack.addresses.size()) return _URC_END_OF_STACK;
    state.stack.addresses[state.stack.depth++] = is_exact != 0 ? address : address - 1;
    return _URC_NO_REASON;
}

} // namespace

bool record_stack(void const *object, destructor original, void const *return_address) noexcept {
    if (!capturing.load(std::memory_order_relaxed)) return false;
    walk w{reinterpret_cast<std::uintptr_t>(return_address), {}};
    _Unwind_Backtrace(visit, &w);
    return w.stack.depth != 0 && live.add(object, original, w.stack);
}

void forget_stack(void *object) {
    if (auto const original = live.remove(object); original != nullptr) original(object);
}

stack_capture::stack_capture(bool enabled) noexcept { capturing.store(enabled, std::memory_order_relaxed); }
stack_capture::~stack_capture() { capturing.store(false, std::memory_order_relaxed); }

std::vector<std::uintptr_t> stack_of(std::exception_ptr const &thrown) {
    if (!thrown) return {};
    // Of the C++ ABI of this platform: an exception_ptr is the object's address.
    void const *object = nullptr;
    static_assert(sizeof thrown == sizeof object);
    std::memcpy(static_cast<void *>(&object), static_cast<void const *>(&thrown), sizeof object);
    return live.stack_of(object);
}

} // namespace phial
