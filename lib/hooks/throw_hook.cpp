// The linker redirects every __cxa_throw of the program to this file (--wrap, lib/CMakeLists.txt), those of static
// libraries too.
#include "phial/backtrace/stack_trace.hpp"

#include <typeinfo>

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
[[noreturn]] void __real___cxa_throw(void *object, std::type_info *type, void (*destroy)(void *));

[[noreturn]] void __wrap___cxa_throw(void *object, std::type_info *type, void (*destroy)(void *)) {
    if (phial::record_stack(object, destroy, __builtin_return_address(0))) destroy = phial::forget_stack;
    __real___cxa_throw(object, type, destroy);
}
}
// NOLINTEND(bugprone-reserved-identifier)
