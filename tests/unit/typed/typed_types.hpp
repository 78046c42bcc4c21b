// Structs that the tests of lib/typed read and write.
#pragma once

#include "phial/http/json.hpp"
#include "phial/typed/schema_of.hpp"
#include "phial/typed/types.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phial::typed_types {

struct slug {
    static constexpr std::string_view pattern = "^[a-z-]+$";
    static constexpr std::string_view expected = "small letters and -";
    static bool matches(std::string_view text) noexcept {
        return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == text.npos;
    }
};

enum class color { red, green, blue_ };

struct place {
    text_of<1, 40> city;
    std::optional<text_of<4, 10>> code;
};

// Each kind of member.
struct everything {
    bool flag;
    std::int8_t small;
    std::uint64_t large;
    number_of<1, 5> rank;
    number_of<0.0, 1.0> share;
    float narrow;
    double wide;
    text_of<2, 5> word;
    text_of<0, 20, slug> name;
    std::string plain;
    color paint;
    moment at;
    date on;
    list_of<text_of<1, 3>, 3, 1> tags;
    std::vector<std::int32_t> numbers;
    map_of<place, 2> places;
    std::map<std::string, bool> flags;
    place home;
    std::optional<std::int32_t> maybe;
    std::optional<std::optional<std::int32_t>> change;
    json raw;
};

inline constexpr std::string_view everything_text =
    R"({"flag":true,"small":-128,"large":18446744073709551615,"rank":3,"share":0.5,"narrow":1.5,"wide":-2.25,)"
    R"("word":"gr\u00fc\u00df","name":"a-b","plain":"","paint":"blue","at":"2026-11-28T12:00:00.250+01:00",)"
    R"("on":"2024-02-29","tags":["a","bc"],"numbers":[1,-2],"places":{"x":{"city":"Ulm"}},"flags":{"f":false},)"
    R"("home":{"city":"Bonn","code":"53111"},"maybe":7,"change":null,"raw":{"b":[1,"x"],"a":null}})";

// Some have an initialiser.
struct defaults {
    text_of<> a;
    text_of<> b = "";
    text_of<> c{};
    list_of<int> d;
    list_of<int> e = {};
    map_of<int> f;
    map_of<int> g{};
    int h;
    int i = 0;
    number_of<0, 9> j;
    number_of<0, 9> k = 0;
    bool l;
    bool m = false;
    color n;
    color o = color::red;
    double p;
    double q = 0;
    std::optional<int> r;
    moment s;
    moment t = moment(std::chrono::hours(1));
    date u;
    date v{};
    place w;
    place x{};
    std::string y;
    std::string z = "content";
    std::vector<int> aa;
    std::vector<int> bb{1};
    json cc;
    json dd = 1;
};
inline constexpr std::string_view defaults_required = "a d f h j l n p s u w y aa cc ";

struct paging {
    number_of<1, 100> limit = 10;
    std::optional<text_of<1, 20>> sort;
    std::vector<std::int32_t> id;
    list_of<text_of<1, 5>, 2> tag = {};
    bool all = false;
    color paint = color::green;
};
struct strict_paging {
    int page = 1;
    static constexpr bool strict = true;
};

struct period {
    date begin;
    date end;
    std::optional<fault> check() const {
        if (begin <= end) return std::nullopt;
        return fault{.pointer = "/end", .detail = "is before the beginning"};
    }
};
struct stay {
    std::string guest;
    std::vector<period> nights;
};

struct node {
    int value;
    list_of<node> children = {};
};

struct open_note {
    std::string title;
    static constexpr bool open = true;
};

struct named {
    int class_;
    int content_type;
    static constexpr member_note member_notes[] = {{.member = "content_type", .name = "content-type"}};
};

} // namespace phial::typed_types
