// expect: phial: the form of a text_of has the static members pattern, expected and matches
#include "phial/typed/schema_of.hpp"

#include <string_view>

struct digits {
    static constexpr std::string_view pattern = "^[0-9]+$";
};
struct item {
    phial::text_of<1, 9, digits> number;
};
constexpr auto kind = phial::schema_of<item>.kind;
