// What a C++ type looks like on the wire, as one value. The reader, the writer and the documentation walk it, so none
// of them is a template, and a file with handlers compiles no parser.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

struct fault; // http/http_error.hpp
struct schema;

enum class schema_kind : std::uint8_t {
    boolean,
    integer,     // of any size, and number_of<Low, High>
    real,        // float, double and number_of<0.0, 1.0>
    string,      // std::string and text_of
    date_time,   // moment
    full_date,   // date
    enumeration, // by name
    array,       // std::vector and list_of
    dictionary,  // std::map<std::string, T> and map_of
    object,      // a struct
    optional,    // std::optional: null or absent, or the value
    any,         // json
};

/// Whether a value of the kind has no parts.
[[nodiscard]] constexpr bool is_scalar(schema_kind k) noexcept { return k <= schema_kind::enumeration; }

/// A member of an object, as the client sees it.
struct schema_member {
    std::string_view name;
    std::string_view description; // may be empty
    schema const *type;
};

/// The most members of an object.
inline constexpr std::size_t most_members = 32;

/// What only an object that was made can tell: where its members are, and which have initialisers.
struct object_facts {
    std::vector<std::uint32_t> offsets; // in bytes
    std::uint32_t required = 0;         // a bit for each member: the client must send it
    std::size_t held = 0;               // bytes that the initialisers of a new object allocate
};

/// A type. Which members have a meaning depends on the kind. The functions take the address of an object of the type.
struct schema {
    static constexpr auto unlimited = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t first_elements = 4; // for which an array takes memory at once

    schema_kind kind;
    bool is_signed = false; // an integer
    bool is_open = false;   // an object: names in a body that it has no member for are ignored
    bool is_strict = false; // an object: names in a query that it has no member for are faults
    std::uint32_t size = 0; // sizeof
    std::uint32_t alignment = 0;

    std::int64_t low = 0;           // an integer; the least number of characters or elements
    std::uint64_t high = unlimited; // an integer; the greatest number
    bool is_bounded = false;        // a real
    double least = 0, greatest = 0; // a bounded real
    std::string_view pattern = {};  // a string: for the documentation
    std::string_view expected = {}; // a string: for the client
    std::string_view example = {};  // a string: for the documentation; may be empty
    bool (*matches)(std::string_view) = nullptr;

    std::string_view name = {};        // of an object or enumeration, as the compiler prints it
    std::string_view description = {}; // of an object
    std::span<schema_member const> members = {};
    std::span<std::string_view const> enumerators = {}; // from 0 on
    schema const *element = nullptr;                    // of an array, a dictionary or an optional

    // A new element; null if a dictionary has the key already. An optional is engaged.
    void *(*add)(void *object, std::string_view key) = nullptr;
    // The elements of an array, and those of an optional: none or one.
    struct range {
        void const *begin;
        std::size_t size;
    };
    range (*elements)(void const *object) = nullptr;
    void (*clear)(void *object) = nullptr;         // of an array, a dictionary or an optional
    bool (*is_null)(void const *object) = nullptr; // of json
    // Calls `visit` with each key and value of a dictionary.
    void (*each)(void const *object, void *context,
                 void (*visit)(void *context, std::string_view key, void const *value)) = nullptr;
    // Of types with an initialiser_mark.
    unsigned char const *(*mark)(void const *object) = nullptr;

    // Of objects.
    void (*make)(void *room) = nullptr; // default-initialises, like `T object;`
    void (*destroy)(void *object) = nullptr;
    void (*addresses)(void *object, void **members) = nullptr;
    object_facts const &(*facts)() = nullptr;                               // made once, by the first call; thread-safe
    void (*check)(void const *object, std::vector<fault> &found) = nullptr; // null: T has no check()
};

/// Makes an object twice over a pattern of bytes. What keeps the pattern has no initialiser.
[[nodiscard]] object_facts find_facts(schema const &type);

} // namespace phial
