// The call stack at the throw of an exception, for the debug page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <vector>

namespace phial {

/// While it lives (and was made with `enabled`), every throw of the process records its stack, if the program links
/// phial::hooks; otherwise a throw costs one relaxed load more than without. One at a time.
class stack_capture {
  public:
    /// The innermost frames are recorded, at most this many of a stack, for at most this many living exceptions;
    /// further exceptions have no stack. A throw allocates no memory: it may be that of std::bad_alloc.
    static constexpr std::size_t most_frames = 64;
    static constexpr std::size_t most_exceptions = 64;

    explicit stack_capture(bool enabled) noexcept;
    ~stack_capture();
    stack_capture(stack_capture const &) = delete;
    stack_capture &operator=(stack_capture const &) = delete;
};

/// The addresses of the calls that led to the throw of this exception object, the innermost first, on whatever thread;
/// empty when none were recorded (capture was off, std::make_exception_ptr made it, or a shared library threw it).
/// Rethrowing does not change them. The stack of a coroutine that was suspended before begins with the loop that
/// resumed it, not with the coroutines that await it.
[[nodiscard]] std::vector<std::uintptr_t> stack_of(std::exception_ptr const &thrown);

/// For the hook (hooks/throw_hook.cpp), at a throw: records the stack above `return_address` while there is a capture.
/// True when the object has to be destroyed by forget_stack, which calls `destroy` (null: no destructor).
[[nodiscard]] bool record_stack(void const *object, void (*destroy)(void *), void const *return_address) noexcept;
void forget_stack(void *object);

} // namespace phial
