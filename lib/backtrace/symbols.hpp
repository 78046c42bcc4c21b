// The function, file and line at an address of this process.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// A call on a stack. Members that the binary does not provide are empty: a stripped binary has no function names, one
/// without debug information has no source lines.
struct stack_frame {
    std::string file;           // the program or the shared library
    bool in_program = false;    // not in a shared library
    std::uintptr_t address = 0; // within the file, for addr2line
    std::string function;       // with its parameters
    std::uintptr_t offset = 0;  // of the address from the function's beginning
    std::string source;         // the source file, as debug information names it
    unsigned line = 0;          // in it
    bool is_inlined = false;    // into the next frame: the address is that of the next frame
    bool own = false;           // of the service, not of a library
};

/// Looks addresses up in the files they were loaded from, by libdw. At one address there may be several calls, of
/// functions that the compiler has inlined. It reads those files: some ten milliseconds, so it is not for a loop.
[[nodiscard]] std::vector<stack_frame> symbolise(std::span<std::uintptr_t const> addresses);

/// The shell command that shows the program's frames with the debug information that addr2line finds; empty when no
/// frame is in the program.
[[nodiscard]] std::string addr2line_command(std::span<stack_frame const> stack);

/// The mangled name of the function a symbol belongs to: the body of a coroutine has a separate symbol, which contains
/// this name.
[[nodiscard]] std::string_view function_of_symbol(std::string_view symbol) noexcept;

/// Whether a mangled name is that of a function of namespace phial, of a function local to one, or main.
[[nodiscard]] bool is_own_function(std::string_view mangled) noexcept;

/// An address or offset as it is usually written: 0x1f.
[[nodiscard]] std::string hex(std::uintptr_t n);

} // namespace phial
