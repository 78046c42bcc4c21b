// What the registration of a route says for the documentation.
#pragma once

#include "phial/typed/inputs.hpp"
#include "phial/typed/schema.hpp"

#include <string>
#include <vector>

namespace phial {

/// What routes are grouped under.
struct route_tag {
    std::string name = {}; // empty: they are in no group
    std::string description = {};
};

/// Empty where the route says nothing.
struct route_notes {
    struct content {
        std::string media_type;
        schema const *type; // null: any bytes, or any text
    };
    struct result {
        unsigned status;
        content body;
    };
    struct error {
        unsigned status;
        std::string when;
        std::string media_type; // empty: those of every error
    };

    std::string summary = {};
    std::string description = {};
    bool is_hidden = false;
    std::vector<input_schema> inputs = {}; // that the handler reads itself
    std::vector<content> takes = {};
    std::vector<result> gives = {};
    std::vector<error> answers = {};
};

} // namespace phial
