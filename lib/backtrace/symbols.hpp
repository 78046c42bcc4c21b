// What stands at an address of this process: function, file and line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// A call on a stack. What the binary does not tell is empty: a stripped one has no function names, one without debug
/// information no source lines.
struct stack_frame {
    std::string file;           // the program or the shared library
    bool in_program = false;    // not in a shared library
    std::uintptr_t address = 0; // within the file, as addr2line takes it
    std::string function;       // with its parameters
    std::uintptr_t offset = 0;  // of the address from the function's beginning
    std::string source;         // file:line
    bool own = false;           // the service's, no library's
};

/// Looks addresses up in the files they were loaded from, by libdw. It reads those files: some milliseconds.
[[nodiscard]] std::vector<stack_frame> symbolise(std::span<std::uintptr_t const> addresses);

/// The shell command that tells of the program's frames what can be told with its debug information, wherever that is;
/// empty when no frame is the program's.
[[nodiscard]] std::string addr2line_command(std::span<stack_frame const> stack);

/// The mangled name of the function a symbol belongs to: a coroutine's body has a symbol of its own, which holds it.
[[nodiscard]] std::string_view function_of_symbol(std::string_view symbol) noexcept;

/// Whether a mangled name is that of a function of namespace phial, of one within such a function, or main.
[[nodiscard]] bool is_own_function(std::string_view mangled) noexcept;

/// An address or offset as it is usually written: 0x1f.
[[nodiscard]] std::string hex(std::uintptr_t n);

} // namespace phial
