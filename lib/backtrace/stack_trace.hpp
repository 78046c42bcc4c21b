// The stack of where an exception was thrown, for the page of debug mode.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <vector>

namespace phial {

/// While it lives (and was made with `on`), every throw of the process records its stack, if the program links
/// phial::hooks; otherwise a throw costs one relaxed load more than without. One at a time.
class stack_capture {
  public:
    /// Frames that are recorded of one stack, the innermost ones, and exceptions that have one at the same time: what
    /// is thrown beyond them has none. Nothing is allocated at a throw, which may be that of std::bad_alloc.
    static constexpr std::size_t most_frames = 64;
    static constexpr std::size_t most_exceptions = 64;

    explicit stack_capture(bool on) noexcept;
    ~stack_capture();
    stack_capture(stack_capture const &) = delete;
    stack_capture &operator=(stack_capture const &) = delete;
};

/// The addresses of the calls that led to the throw of this very exception object, the innermost first, on whichever
/// thread it was; empty when none were recorded (capture was off, it was made by std::make_exception_ptr, or a shared
/// library threw it). Rethrowing leaves them as they are. Of a coroutine that had been suspended the calls begin with
/// the loop that resumed it, not with the coroutines that await it.
[[nodiscard]] std::vector<std::uintptr_t> stack_of(std::exception_ptr const &thrown);

/// For the hook (hooks/throw_hook.cpp), at a throw: records the stack above `return_address` while there is a capture.
/// True when the object has to be destroyed by forget_stack, which calls `destroy` (null: it needs none).
[[nodiscard]] bool record_stack(void const *object, void (*destroy)(void *), void const *return_address) noexcept;
void forget_stack(void *object);

} // namespace phial
