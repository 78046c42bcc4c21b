// Puts values where a schema says, as they are read. Private to the module.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/typed/json_copy.hpp"
#include "phial/typed/schema.hpp"

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace phial {

/// The scanner calls it with one event after the other. Texts are UTF-8.
class json_reader {
  public:
    json_reader(schema const &type, void *object, memory_share &held, fault_list &found) noexcept
        : pending_{&type, object},
          held_(held),
          found_(found) {}

    void begin_object();
    void end_object();
    void begin_array();
    void end_array(std::size_t size);
    void key(std::string_view name);
    void string(std::string_view text);
    void integer(std::int64_t value, std::string_view digits);
    void large_integer(std::uint64_t value, std::string_view digits);
    /// Any other integer.
    void huge_integer(std::string_view digits);
    /// A number with a fraction or an exponent.
    void real(double value, std::string_view digits);
    void boolean(bool value);
    void null();

  private:
    // Where a value goes; without a type it is dropped.
    struct place {
        schema const *type;
        void *at;
    };
    // An object, a dictionary or an array that is open.
    struct level {
        schema const *type;
        void *object;
        object_facts const *facts; // of an object
        std::uint32_t seen;        // members that have come, a bit each; of a dictionary their number
        std::uint32_t current;     // the member or the element that is read
        std::size_t key;           // where its key begins in keys_, of a dictionary
    };

    void count(std::size_t bytes);
    // What the initialisers of a new value allocate.
    static std::size_t held_by_new(schema const &type) {
        return type.kind == schema_kind::object ? type.facts().held : 0;
    }

    void enter(schema_kind first, schema_kind second, std::string_view what, char opening);
    void leave(char closing);
    place next();
    place inside(place p);
    void key_of_object(level &l, std::string_view name);
    void key_of_dictionary(level &l, std::string_view name);
    template <class Store>
    void scalar(std::string_view text, Store store);

    void keep(void *at, json value);
    [[nodiscard]] std::string pointer(std::size_t levels) const;
    [[nodiscard]] std::string_view key_of(std::size_t n) const;
    // No more faults are kept: then nothing is made for one.
    [[nodiscard]] bool is_full() const noexcept { return found_.size() >= http_error::most_faults; }
    void wrong(schema const &type, std::string_view got);
    void unknown(schema const &type, std::string_view name);
    void twice();
    void check(level const &l);
    void wrong_size(std::size_t size, std::string_view what, std::string_view units);
    void report(std::string pointer, std::string detail, std::string expected, std::string got);

    place pending_; // of the next value, outside of arrays
    memory_share &held_;
    fault_list &found_;
    std::size_t counted_ = 0; // bytes in held_ that are not used yet
    boost::container::small_vector<level, 6> levels_;
    std::string keys_;      // of the dictionaries that are open
    std::size_t depth_ = 0; // of a value that is dropped or copied: its open arrays and objects
    json_copy copy_;
};

} // namespace phial
