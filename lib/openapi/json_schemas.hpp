// The types of a service as JSON Schema (2020-12, as in OpenAPI 3.1).
#pragma once

#include "phial/text/json_writer.hpp"
#include "phial/typed/schema.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

/// Which way values go. What a client sends may lack members, and must not have others; an answer has all its members,
/// and may have others in a later version.
enum class direction { input, answer };

/// What is written beside a type where it is used; empty: nothing.
struct member_words {
    std::string_view description = {};
    std::string_view default_text = {}; // JSON
};

/// The types that have names, structs and enumerations, are components; others are written where they are used.
class json_schemas {
  public:
    /// Names that no type may have.
    explicit json_schemas(std::initializer_list<std::string_view> reserved) {
        for (auto const name : reserved) names_.emplace(name, nullptr);
    }

    /// Takes a type and all that is inside of it. Throws std::invalid_argument when two types have the same name.
    void add(schema const &type, direction d);

    /// Writes the schema of a type that was added, or a reference to it.
    void write(json_writer &to, schema const &type, direction d, member_words words = {}) const;
    /// Writes the schema of a form: a struct of scalars, optionals and arrays. A form has no null, and only a required
    /// scalar must be present.
    void write_form(json_writer &to, schema const &type) const;
    /// Writes an object with the schemas that have names.
    void write_components(json_writer &to) const;

    /// The name of a struct or an enumeration without its namespaces: `page_note` of page<{anonymous}::note>.
    [[nodiscard]] static std::string name_of(schema const &type);

  private:
    using key = std::pair<schema const *, direction>;

    [[nodiscard]] std::string component_name(key named) const;
    void write_content(json_writer &to, schema const &type, direction d) const;
    void write_object(json_writer &to, schema const &type, direction d) const;
    // `required`: a bit for each member.
    void write_members(json_writer &to, std::span<schema_member const> members, direction d,
                       std::vector<std::string> const &defaults, std::uint32_t required) const;

    std::vector<key> named_; // in the order in which they came
    std::map<std::string, schema const *, std::less<>> names_;
};

} // namespace phial
