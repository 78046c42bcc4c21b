// expect: phial: a typed struct has no array: take a std::vector, or list_of<T, 3>
#include "phial/typed/schema_of.hpp"

#include <string>

struct item {
    std::string name;
    int sizes[3];
    double price;
};
constexpr auto kind = phial::schema_of<item>.kind;
