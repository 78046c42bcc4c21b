// What has a name on the wire: the enumerators of an enumeration, and the members of a struct.
#pragma once

#include "phial/typed/member_names.hpp"
#include "phial/typed/schema.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {

/// What a struct may say about one of its members:
///
///     struct note {
///         std::string title;
///         std::string content_type = "text/plain";
///         static constexpr std::string_view description = "A note to keep.";
///         static constexpr member_note member_notes[] = {
///             {.member = "title", .description = "One line."},
///             {.member = "content_type", .name = "content-type"},
///         };
///     };
struct member_note {
    std::string_view member;
    std::string_view name = {}; // on the wire; empty: that of the member, without one underscore at its end
    std::string_view description = {};
};

namespace detail {

template <class T>
struct schema_holder {
    static schema const value;
};

// "note" or "page<{anonymous}::note>", as the compiler prints it.
template <class T>
consteval std::string_view type_name() {
    std::string_view text = __PRETTY_FUNCTION__; // "... [with T = note; ..." or "... [T = note]"
    text.remove_prefix(text.find("T = ") + 4);
    return text.substr(0, text.find_first_of(";]"));
}

// `class_` and `delete_` cannot be written without.
constexpr std::string_view without_underscore(std::string_view name) {
    return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

// What a struct says of itself is a constant; a member of it may have the same name.
template <class Pointer>
inline constexpr bool is_constant = !std::is_member_pointer_v<Pointer>;
template <class T>
concept has_member_notes = requires { requires is_constant<decltype(&T::member_notes)>; };

template <class T>
concept scoped_enumeration = std::is_enum_v<T> && !std::is_convertible_v<T, std::underlying_type_t<T>>;

template <class E>
struct enumerators_of {
    static constexpr std::size_t most = 64;
    template <std::size_t... I>
    static consteval auto probe(std::index_sequence<I...>) {
        auto found = last_words<most>(printed<static_cast<E>(I)...>()); // a number where there is no enumerator
        for (auto &name : found) name = without_underscore(name);
        return found;
    }
    static constexpr auto names = probe(std::make_index_sequence<most>());
    static constexpr std::size_t count = [] {
        std::size_t n = 0;
        while (n < most && (names[n][0] < '0' || names[n][0] > '9')) ++n;
        return n;
    }();
    static constexpr bool has_gap = [] {
        for (auto n = count; n < most; ++n)
            if (names[n][0] < '0' || names[n][0] > '9') return true;
        return false;
    }();
    static_assert(count > 0 && !has_gap,
                  "phial: the enumerators of a typed enumeration count from 0, without a gap, to 63 at most");
};

template <class T>
struct members_in {
    static constexpr std::size_t count = member_count<T>();

    // By value: with a sanitizer g++ 12 compares no addresses in a constant expression.
    static constexpr member_note note_of(std::string_view member) {
        if constexpr (has_member_notes<T>) {
            for (auto const &n : T::member_notes)
                if (n.member == member) return n;
        }
        return {member};
    }
    static constexpr bool notes_fit = [] {
        if constexpr (has_member_notes<T>) {
            for (auto const &n : T::member_notes) {
                bool found = false;
                for (auto const &name : member_names<T>) found = found || name == n.member;
                if (!found) return false;
            }
        }
        return true;
    }();
    static_assert(notes_fit, "phial: member_notes speaks of a member that the struct does not have");

    template <class M>
    static constexpr schema_member describe(std::string_view member) {
        schema_member described{without_underscore(member), {}, &schema_holder<std::remove_const_t<M>>::value};
        auto const note = note_of(member);
        if (!note.name.empty()) described.name = note.name;
        described.description = note.description;
        return described;
    }
    template <std::size_t... I, class... M>
    static constexpr auto describe_all(member_list<std::index_sequence<I...>, M...> const *) {
        return std::array<schema_member, sizeof...(M)>{describe<M>(member_names<T>[I])...};
    }
    using list = decltype(members_of<count>(std::declval<T const &>()));
    static constexpr auto all = describe_all(static_cast<list const *>(nullptr));
    static constexpr bool are_names = [] {
        for (auto const &m : all)
            for (char const c : m.name)
                if (c < ' ' || c > '~' || c == '"' || c == '\\') return false;
        return true;
    }();
    static_assert(are_names, "phial: the name of a member is printable ASCII, without quotes and backslashes");
    static constexpr bool are_different = [] {
        for (std::size_t n = 0; n < all.size(); ++n)
            for (std::size_t other = 0; other < n; ++other)
                if (all[n].name == all[other].name) return false;
        return true;
    }();
    static_assert(are_different, "phial: two members have the same name on the wire");

    template <std::size_t... I, class... M>
    static void write_addresses(member_list<std::index_sequence<I...>, M...> const &from, void **to) noexcept {
        ((to[I] = address_of<I>(from)), ...);
    }
    static void addresses(void *object, void **to) noexcept {
        write_addresses(members_of<count>(*static_cast<T *>(object)), to);
    }
    static object_facts const &facts() {
        static object_facts const found = find_facts(schema_holder<T>::value);
        return found;
    }
};

} // namespace detail

} // namespace phial
