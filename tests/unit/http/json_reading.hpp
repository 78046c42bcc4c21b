// Reading JSON in tests.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace phial::testing {

inline std::string repeated(std::string_view unit, std::size_t times) {
    std::string out;
    while (times-- > 0) out += unit;
    return out;
}

// Members whose names are 100,000 numbers in steps of `step`.
inline std::string numbered_members(unsigned n, unsigned step) {
    std::string out;
    for (unsigned i = 0; i < n; ++i)
        out += (i == 0 ? "\"" : ",\"") + std::to_string(100'000 + (i * step) % n) + "\":" + std::to_string(i);
    return out;
}

// The status and the message of a refused text; 200 and the value of a good one.
struct reading {
    unsigned status;
    std::string message;
};

inline reading read(std::string_view text) {
    try {
        return {200, std::string(json::parse(text).text())};
    } catch (http_error const &e) {
        return {e.status(), e.what()};
    }
}

} // namespace phial::testing
