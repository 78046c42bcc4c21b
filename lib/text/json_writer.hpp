// JSON texts written piece by piece, with members in the order in which they come.
#pragma once

#include "phial/text/json_text.hpp"
#include "phial/text/number.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

/// It writes what it is asked for: that names differ, and that an object has members and an array elements, is up to
/// the caller.
///
///     json_writer w;
///     w.object([&] {
///         w.text("title", "Tea");
///         w.array("tags", [&] { w.text("hot"); });
///     });
///     w.take(); // {"title":"Tea","tags":["hot"]}
class json_writer {
  public:
    /// `write` writes the members.
    template <std::invocable F>
    void object(F write) {
        inside('{', '}', write);
    }
    template <std::invocable F>
    void object(std::string_view name, F write) {
        key(name);
        object(write);
    }
    /// `write` writes the elements.
    template <std::invocable F>
    void array(F write) {
        inside('[', ']', write);
    }
    template <std::invocable F>
    void array(std::string_view name, F write) {
        key(name);
        array(write);
    }

    void text(std::string_view value) {
        separate();
        append_json_string(out_, value);
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        text(value);
    }
    /// A JSON text that is there already.
    void raw(std::string_view value) {
        separate();
        out_ += value;
    }
    void raw(std::string_view name, std::string_view value) {
        key(name);
        raw(value);
    }
    template <std::integral T>
    void number(std::string_view name, T value) {
        key(name);
        separate();
        if constexpr (std::signed_integral<T>)
            append_integer(out_, std::int64_t{value});
        else
            append_integer(out_, std::uint64_t{value});
    }
    void number(std::string_view name, double value) {
        key(name);
        separate();
        append_double(out_, value);
    }

    /// The value of this name comes next.
    void key(std::string_view name) {
        text(name);
        out_ += ':';
        is_first_ = true;
    }

    /// What was written; the last use.
    [[nodiscard]] std::string take() noexcept { return std::move(out_); }

  private:
    void separate() {
        if (!is_first_) out_ += ',';
        is_first_ = false;
    }
    template <class F>
    void inside(char begin, char end, F &write) {
        separate();
        out_ += begin;
        is_first_ = true;
        write();
        out_ += end;
        is_first_ = false;
    }

    std::string out_;
    bool is_first_ = true;
};

} // namespace phial
