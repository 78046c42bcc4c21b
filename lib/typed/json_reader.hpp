// The handler of Boost.JSON's parser that puts values where a schema says. Private to the module.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/typed/json_copy.hpp"
#include "phial/typed/schema.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace phial {

/// Boost's parser calls it with one event after the other. The text is known to be UTF-8.
class json_reader {
  public:
    static constexpr std::size_t max_array_size = std::string::npos;
    static constexpr std::size_t max_object_size = std::string::npos;
    static constexpr std::size_t max_string_size = std::string::npos;
    static constexpr std::size_t max_key_size = std::string::npos;

    json_reader(schema const &type, void *object, memory_share &held, fault_list &found) noexcept
        : pending_{&type, object},
          held_(held),
          found_(found) {}

    using view = boost::json::string_view;
    using error_code = boost::system::error_code;

    bool on_document_begin(error_code &) { return true; }
    bool on_document_end(error_code &) { return true; }
    bool on_object_begin(error_code &);
    bool on_object_end(std::size_t, error_code &);
    bool on_array_begin(error_code &);
    bool on_array_end(std::size_t size, error_code &);
    bool on_key_part(view s, std::size_t, error_code &) { return append(s); }
    bool on_key(view s, std::size_t, error_code &);
    bool on_string_part(view s, std::size_t, error_code &) { return append(s); }
    bool on_string(view s, std::size_t, error_code &);
    bool on_number_part(view s, error_code &) { return append(s); }
    bool on_int64(std::int64_t value, view digits, error_code &);
    bool on_uint64(std::uint64_t value, view digits, error_code &);
    bool on_double(double value, view digits, error_code &);
    bool on_bool(bool value, error_code &);
    bool on_null(error_code &);
    bool on_comment_part(view, error_code &) { return true; }
    bool on_comment(view, error_code &) { return true; }

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

    bool append(view s) {
        if (depth_ > 0 && !copy_) return true;
        if (part_.size() + s.size() > part_.capacity()) count(2 * (part_.size() + s.size()));
        part_.append(s.data(), s.size());
        return true;
    }
    std::string_view whole(view s) {
        if (part_.empty()) return {s.data(), s.size()};
        append(s);
        return part_;
    }
    void count(std::size_t bytes);

    bool enter(schema_kind first, schema_kind second, std::string_view what, char opening);
    bool leave(char closing);
    place next();
    static place inside(place p);
    void key(std::string_view name);
    void key_of_object(level &l, std::string_view name);
    void key_of_dictionary(level &l, std::string_view name);
    template <class Store>
    bool scalar(std::string_view text, Store store);

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
    std::string part_;      // of a string, key or number that came in parts
    std::size_t depth_ = 0; // of a value that is dropped or copied: its open arrays and objects
    json_copy copy_;
};

} // namespace phial
