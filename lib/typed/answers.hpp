// What a handler declares that it answers with.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/http/response.hpp"
#include "phial/runtime/task.hpp"
#include "phial/typed/schema.hpp"
#include "phial/typed/schema_of.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace phial {

/// The result of a handler that has made something: 201, with where it is (Location, RFC 9110 10.2.2) and what it is.
/// The location is a URI reference, see url_for. A path of this service gets request::root_path() before it, unless it
/// begins with that, as the paths of url_for do.
template <class T>
struct created {
    std::string location;
    T value;
};

/// A handler's result type. A handler returns T or task<T>, where T is
///  * response: it makes the response itself;
///  * a generator, such as events or json_lines<T>, but not a task of one: it makes the response itself, too;
///  * a type with a schema: 200 with it as JSON, its members in their order;
///  * created<T>: 201 with Location and the value;
///  * std::optional<T>: 200, or 404 if it is empty;
///  * void: 204, without content.
struct answer_schema {
    unsigned status;
    schema const *type;    // null: no content
    bool may_lack = false; // 404 instead
    // Both take the address of the result.
    void const *(*value)(void const *result) = nullptr; // null: it lacks
    std::string const *(*location)(void const *result) = nullptr;
};

/// The response, or the error 404. Throws what write_json and response::set throw.
[[nodiscard]] outcome write_answer(request const &rq, answer_schema const &declared, void const *result);

namespace detail {

// `value`: how a result of type T is answered.
template <class T>
struct answer_of {
    static constexpr answer_schema value{200, &schema_of<T>, false, [](void const *result) { return result; }};
};
template <>
struct answer_of<void> {
    static constexpr answer_schema value{204, nullptr};
};
template <class T>
struct answer_of<created<T>> {
    static constexpr answer_schema value{
        201, &schema_of<T>, false,
        [](void const *r) -> void const * { return &static_cast<created<T> const *>(r)->value; },
        [](void const *r) { return &static_cast<created<T> const *>(r)->location; }};
};
template <class T>
struct answer_of<std::optional<T>> {
    static constexpr answer_schema value{200, &schema_of<T>, true, [](void const *r) -> void const * {
                                             auto const &held = *static_cast<std::optional<T> const *>(r);
                                             return held ? &*held : nullptr;
                                         }};
};

template <generated T>
struct answer_of<T> {
    static_assert(!generated<T>,
                  "phial: a generator is a result by itself, not that of a task: await in the generator, "
                  "or return a task<response> that gives stream(...)");
};

template <class T>
struct answer_of<std::optional<created<T>>> {
    static_assert(!std::is_same_v<T, T>, "phial: a result is created<T> or std::optional<T>, not both");
};

template <class R>
inline constexpr bool is_plain_result =
    std::is_same_v<R, response> || std::is_same_v<R, outcome> || std::is_same_v<R, task<response>> || generated<R>;

template <class R>
struct result_of {
    using type = R;
};
template <class T>
struct result_of<task<T>> {
    using type = T;
};

task<response> await_answer(request const &rq, task<> work);

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
// The frame holds a type that may be in an anonymous namespace; each handler file makes its own.
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
// One coroutine for each type, not for each handler.
template <class T>
task<response> await_answer(request const &rq, task<T> work) {
    auto const result = co_await std::move(work);
    auto written = write_answer(rq, answer_of<T>::value, &result);
    if (written.error() != nullptr) throw http_error(*written.error());
    co_return std::move(*written.value());
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class T>
outcome answered(request const &rq, task<T> work) {
    return await_answer(rq, std::move(work));
}
template <class T>
outcome answered(request const &rq, T const &result) {
    return write_answer(rq, answer_of<T>::value, &result);
}

} // namespace detail

} // namespace phial
