// Reading JSON into structs in tests.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/typed/read.hpp"
#include "phial/typed/schema_of.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace phial::testing {

inline constexpr std::size_t depth = 512;

template <class T>
struct outcome_of_reading {
    T value{};
    fault_list found;
    std::optional<http_error> error;
};

template <class T>
inline outcome_of_reading<T> read(std::string_view text) {
    outcome_of_reading<T> out;
    memory_share held;
    out.error = read_json(schema_of<T>, &out.value, text, depth, held, out.found);
    return out;
}

// "/a must be ...; /b is missing"
inline std::string said(fault_list const &found) {
    std::string all;
    for (auto const &f : found) all += (all.empty() ? "" : "; ") + f.pointer + ' ' + f.detail;
    return all;
}

} // namespace phial::testing
