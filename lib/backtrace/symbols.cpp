// Uses libdw and libelf. (Not libdwfl, which finds more files, but runs code at the start of every process it is linked
// into: it looks for the library of a debug information service.)
#include "phial/backtrace/symbols.hpp"

#include "phial/runtime/descriptor.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/shell.hpp"

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <filesystem>
#include <gelf.h>
#include <iterator>
#include <libelf.h>
#include <link.h>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

namespace phial {
namespace {

// Leads to the running program, even when its file was replaced meanwhile.
constexpr char const *program = "/proc/self/exe";

struct symbol {
    std::string name; // mangled
    std::uintptr_t begin;
};

void set_function(stack_frame &frame, char const *symbol_name) {
    if (symbol_name == nullptr) return;
    auto const function = std::string(function_of_symbol(symbol_name));
    frame.function = boost::core::demangle(function.c_str());
    frame.own = is_own_function(function);
}

// A program or library. One that cannot be read has no symbols and no lines.
class object_file {
  public:
    explicit object_file(std::string const &path)
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)),
          elf_(elf_begin(fd_.get(), ELF_C_READ_MMAP, nullptr)),
          dwarf_(dwarf_begin_elf(elf_.get(), DWARF_C_READ, nullptr)) {}

    [[nodiscard]] std::optional<symbol> symbol_at(std::uintptr_t address) const {
        Elf_Scn *section = nullptr;
        while ((section = elf_nextscn(elf_.get(), section)) != nullptr) {
            GElf_Shdr header{};
            if (gelf_getshdr(section, &header) == nullptr) continue;
            if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM) continue;
            if (auto found = symbol_in(section, header, address)) return found;
        }
        return std::nullopt;
    }

    // The calls at an address, the innermost first: those of inlined functions, and then that of the function which has
    // the address, without its name. Only the last one, without a place, if there is no debug information.
    [[nodiscard]] std::vector<stack_frame> calls_at(std::uintptr_t address) const {
        Dwarf_Die unit{};
        std::vector<stack_frame> calls;
        if (dwarf_addrdie(dwarf_.get(), address, &unit) != nullptr) {
            auto where = place_at(unit, address);
            for_each_inlined(unit, address, [&](Dwarf_Die &function) {
                auto &call = calls.emplace_back();
                call.is_inlined = true;
                set_function(call, linkage_name(function));
                std::tie(call.source, call.line) = std::exchange(where, place_of_call(unit, function));
            });
            auto &last = calls.emplace_back();
            std::tie(last.source, last.line) = std::move(where);
        } else {
            calls.emplace_back();
        }
        return calls;
    }

  private:
    struct end {
        void operator()(Elf *elf) const noexcept { elf_end(elf); }
        void operator()(Dwarf *dwarf) const noexcept { dwarf_end(dwarf); }
    };

    using place = std::pair<std::string, unsigned>; // file and line

    // The compiler may have been given a name that is relative to the folder it ran in.
    [[nodiscard]] static std::string whole_name(Dwarf_Die &unit, std::string_view file) {
        Dwarf_Attribute attribute{};
        auto const *const folder = dwarf_formstring(dwarf_attr(&unit, DW_AT_comp_dir, &attribute));
        return file.starts_with('/') || folder == nullptr ? std::string(file) : concat(folder, "/", file);
    }

    [[nodiscard]] static place place_at(Dwarf_Die &unit, std::uintptr_t address) {
        auto *const line = dwarf_getsrc_die(&unit, address);
        auto const *const file = dwarf_linesrc(line, nullptr, nullptr);
        int number = 0;
        if (file == nullptr || dwarf_lineno(line, &number) != 0) return {};
        return {whole_name(unit, file), static_cast<unsigned>(number)};
    }

    // Where the inlined function was called.
    [[nodiscard]] static place place_of_call(Dwarf_Die &unit, Dwarf_Die &function) {
        Dwarf_Attribute attribute{};
        Dwarf_Word file = 0;
        Dwarf_Word line = 0;
        Dwarf_Files *files = nullptr;
        if (dwarf_formudata(dwarf_attr(&function, DW_AT_call_file, &attribute), &file) != 0 ||
            dwarf_formudata(dwarf_attr(&function, DW_AT_call_line, &attribute), &line) != 0 ||
            dwarf_getsrcfiles(&unit, &files, nullptr) != 0)
            return {};
        auto const *const name = dwarf_filesrc(files, file, nullptr, nullptr);
        return name == nullptr ? place() : place(whole_name(unit, name), static_cast<unsigned>(line));
    }

    [[nodiscard]] static char const *linkage_name(Dwarf_Die &function) {
        Dwarf_Attribute attribute{};
        auto const *const mangled = dwarf_formstring(dwarf_attr_integrate(&function, DW_AT_linkage_name, &attribute));
        return mangled != nullptr ? mangled : dwarf_diename(&function);
    }

    // From the innermost function to the outermost.
    template <class F>
    static void for_each_inlined(Dwarf_Die &unit, std::uintptr_t address, F use) {
        Dwarf_Die *scopes = nullptr;
        auto const n = dwarf_getscopes(&unit, address, &scopes);
        std::unique_ptr<Dwarf_Die, decltype(&std::free)> const owner(scopes, &std::free);
        for (int i = 0; i < n && dwarf_tag(&scopes[i]) != DW_TAG_subprogram; ++i)
            if (dwarf_tag(&scopes[i]) == DW_TAG_inlined_subroutine) use(scopes[i]);
    }

    [[nodiscard]] std::optional<symbol> symbol_in(Elf_Scn *section, GElf_Shdr const &header,
                                                  std::uintptr_t address) const {
        auto *const data = elf_getdata(section, nullptr);
        GElf_Sym s{};
        for (int i = 0; gelf_getsym(data, i, &s) != nullptr; ++i) {
            bool const is_function = GELF_ST_TYPE(s.st_info) == STT_FUNC && s.st_shndx != SHN_UNDEF;
            if (!is_function || address - s.st_value >= s.st_size) continue;
            auto const *const name = elf_strptr(elf_.get(), header.sh_link, s.st_name);
            if (name != nullptr) return symbol{name, s.st_value};
        }
        return std::nullopt;
    }

    descriptor fd_;
    std::unique_ptr<Elf, end> elf_;
    std::unique_ptr<Dwarf, end> dwarf_;
};

struct loaded_at {
    std::string path; // empty: the program, or no file
    bool in_program = false;
    std::uintptr_t bias = 0; // between addresses in the process and in the file
};

loaded_at find_object(std::uintptr_t address) {
    struct search {
        std::uintptr_t address;
        std::optional<loaded_at> found;
    } s{address, {}};
    auto const visit = [](dl_phdr_info *object, std::size_t, void *data) {
        auto &state = *static_cast<search *>(data);
        for (auto const *part = object->dlpi_phdr; part != object->dlpi_phdr + object->dlpi_phnum; ++part) {
            if (part->p_type != PT_LOAD || state.address - object->dlpi_addr - part->p_vaddr >= part->p_memsz) continue;
            bool const is_program = *object->dlpi_name == '\0';
            state.found = {is_program ? program : object->dlpi_name, is_program, object->dlpi_addr};
            return 1;
        }
        return 0;
    };
    dl_iterate_phdr(visit, &s);
    return s.found.value_or(loaded_at());
}

std::string program_path() {
    std::error_code unknown;
    auto const path = std::filesystem::read_symlink(program, unknown);
    return unknown ? program : path.string();
}

} // namespace

std::vector<stack_frame> symbolise(std::span<std::uintptr_t const> addresses) {
    elf_version(EV_CURRENT); // libelf requires this call
    std::map<std::string, object_file> files;
    std::vector<stack_frame> stack;
    for (auto const address : addresses) {
        auto const object = find_object(address);
        auto const in_file = address - object.bias;
        auto const &file = files.try_emplace(object.path, object.path).first->second;
        auto calls = file.calls_at(in_file);
        if (auto const found = file.symbol_at(in_file)) {
            set_function(calls.back(), found->name.c_str());
            calls.back().offset = in_file - found->begin;
        }
        for (auto &call : calls) {
            call.file = object.in_program ? program_path() : object.path;
            call.in_program = object.in_program;
            call.address = in_file;
        }
        std::move(calls.begin(), calls.end(), std::back_inserter(stack));
    }
    return stack;
}

std::string addr2line_command(std::span<stack_frame const> stack) {
    std::string addresses;
    for (auto const &frame : stack)
        if (frame.in_program && !frame.is_inlined) addresses += concat(" ", hex(frame.address));
    return addresses.empty() ? "" : concat("addr2line -Cfpie ", shell_word(program_path()), addresses);
}

// g++ keeps a coroutine's state in a class <length><mangled name>.Frame. The body is a function of which that class is
// the only parameter: <name of the coroutine>P<name of that class>.actor
std::string_view function_of_symbol(std::string_view symbol) noexcept {
    constexpr std::string_view suffix = ".Frame";
    auto const frame = symbol.rfind(".Frame.");
    if (frame == symbol.npos) return symbol;
    auto const end = frame + suffix.size();
    for (auto position = symbol.find("_Z", 1); position < frame; position = symbol.find("_Z", position + 1)) {
        auto digits = position;
        while (digits > 0 && is_digit(symbol[digits - 1])) --digits;
        std::size_t length = 0;
        std::from_chars(symbol.data() + digits, symbol.data() + position, length);
        if (length == end - position) return symbol.substr(position, frame - position);
    }
    return symbol;
}

bool is_own_function(std::string_view mangled) noexcept {
    auto const skip = [&mangled](std::string_view letters) {
        mangled.remove_prefix(std::min(mangled.find_first_not_of(letters), mangled.size()));
    };
    if (mangled == "main") return true;
    if (!mangled.starts_with("_Z")) return false;
    mangled.remove_prefix(2);
    skip("Z"); // local to a function: a lambda
    if (!mangled.starts_with('N')) return false;
    mangled.remove_prefix(1);
    skip("rVKRO"); // const and other qualifiers of a member function
    return mangled.starts_with("5phial");
}

std::string hex(std::uintptr_t n) {
    char digits[2 * sizeof n];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), n, 16).ptr;
    return concat("0x", std::string_view(digits, end));
}

} // namespace phial
