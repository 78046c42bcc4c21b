// The linker redirects every __cxa_throw of the program to this file (--wrap, lib/CMakeLists.txt), those of static
// libraries too.
#include "phial/backtrace/stack_trace.hpp"

#include <typeinfo>

// The names are the linker's. Neither function returns, but they do not say so: the compiler makes a jump of the last
// call only when it does not know it. Then the unwinder has one frame less to pass, twice for each throw.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {
void __real___cxa_throw(void *object, std::type_info *type, void (*destroy)(void *));

void __wrap___cxa_throw(void *object, std::type_info *type, void (*destroy)(void *)) {
    if (phial::record_stack(object, destroy, __builtin_return_address(0))) destroy = phial::forget_stack;
    __real___cxa_throw(object, type, destroy);
}
}
// NOLINTEND(bugprone-reserved-identifier)
