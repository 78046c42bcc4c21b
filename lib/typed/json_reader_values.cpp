// Scalars, and what is said of values that do not fit.
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/json_pointer.hpp"
#include "phial/text/number.hpp"
#include "phial/typed/expectation.hpp"
#include "phial/typed/faults.hpp"
#include "phial/typed/json_reader.hpp"
#include "phial/typed/scalar.hpp"

#include <utility>

namespace phial {
namespace {

// A number where a text should be may be a secret that was not quoted.
std::string_view what_came_instead(schema const &type, std::string_view digits) {
    constexpr std::size_t most = 60;
    if (type.kind == schema_kind::string) return is_digit(digits.back()) ? "a number" : "no text";
    return digits.size() <= most ? digits : "a number of many digits";
}

} // namespace

void json_reader::string(std::string_view text) {
    if (depth_ > 0) {
        if (copy_) copy_.string(text);
    } else if (auto const p = inside(next()); p.type != nullptr) {
        if (p.type->kind == schema_kind::any)
            keep(p.at, json(text));
        else if (!store_text(*p.type, p.at, text))
            wrong(*p.type, is_full() ? "" : what_came(*p.type, text));
    }
}

// `store` puts it in its place and returns whether it fits.
template <class Store>
void json_reader::scalar(std::string_view text, Store store) {
    if (depth_ > 0) {
        if (copy_) copy_.value(text);
    } else if (auto const p = inside(next()); p.type != nullptr) {
        if (p.type->kind == schema_kind::any)
            keep(p.at, json::parse(text));
        else if (!store(*p.type, p.at))
            wrong(*p.type, what_came_instead(*p.type, text));
    }
}

void json_reader::integer(std::int64_t value, std::string_view digits) {
    scalar(digits, [value](schema const &type, void *at) { return store_integer(type, at, value); });
}

void json_reader::large_integer(std::uint64_t value, std::string_view digits) {
    scalar(digits, [value](schema const &type, void *at) { return store_large_integer(type, at, value); });
}

void json_reader::huge_integer(std::string_view digits) {
    scalar(digits, [digits](schema const &type, void *at) {
        auto const value = type.kind == schema_kind::real ? parse_double(digits) : std::nullopt;
        return value && store_real(type, at, *value);
    });
}

void json_reader::real(double value, std::string_view digits) {
    scalar(digits, [=](schema const &type, void *at) { return store_decimal(type, at, value, digits); });
}

void json_reader::boolean(bool value) {
    scalar(value ? "true" : "false", [value](schema const &type, void *at) { return store_bool(type, at, value); });
}

void json_reader::null() {
    if (depth_ > 0) {
        if (copy_) copy_.value("null");
        return;
    }
    auto p = next();
    if (p.type == nullptr) return;
    if (p.type->kind == schema_kind::any) {
        *static_cast<json *>(p.at) = nullptr;
    } else if (p.type->kind != schema_kind::optional) {
        wrong(*p.type, "null");
    } else if (p.type->element->kind == schema_kind::optional) {
        p.type->add(p.at, {}); // it came, and is null: two different things for a PATCH
    } else {
        p.type->clear(p.at);
    }
}

void json_reader::keep(void *at, json value) {
    count(value.text().size());
    *static_cast<json *>(at) = std::move(value);
}

// Of what is read now in the outermost levels.
std::string json_reader::pointer(std::size_t levels) const {
    std::string text;
    for (std::size_t n = 0; n < levels; ++n) {
        auto const &l = levels_[n];
        auto const token = l.type->kind == schema_kind::object       ? l.type->members[l.current].name
                           : l.type->kind == schema_kind::dictionary ? key_of(n)
                                                                     : std::string_view();
        if (text.size() + token.size() > http_error::longest_pointer) break; // it points to what is around the value
        if (l.type->kind == schema_kind::array)
            append_pointer_token(text, std::to_string(l.current));
        else
            append_pointer_token(text, token);
    }
    return text;
}

std::string_view json_reader::key_of(std::size_t n) const {
    auto const end = n + 1 < levels_.size() ? levels_[n + 1].key : keys_.size();
    return std::string_view(keys_).substr(levels_[n].key, end - levels_[n].key);
}

void json_reader::wrong(schema const &type, std::string_view got) {
    if (is_full()) return;
    auto const expected = expectation(type);
    report(pointer(levels_.size()), concat("must be ", expected), expected, std::string(got));
}

// Of the array or the dictionary that ends.
void json_reader::wrong_size(std::size_t size, std::string_view what, std::string_view unit) {
    if (is_full()) return;
    auto const expected = expectation(*levels_.back().type);
    report(pointer(levels_.size() - 1), concat("must be ", expected), expected,
           concat(what, " of ", size, " ", unit, size == 1 ? "" : "s"));
}

void json_reader::twice() {
    if (!is_full()) report(pointer(levels_.size()), "is there twice", "each name once", "");
}

void json_reader::unknown(schema const &type, std::string_view name) {
    auto at = pointer(levels_.size() - 1);
    if (name.size() <= 100) append_pointer_token(at, name); // else it points to the object
    report(std::move(at), "is not known here", concat("only ", member_names(type)), quoted_start(name));
}

void json_reader::report(std::string pointer, std::string detail, std::string expected, std::string got) {
    found_.push_back({.pointer = std::move(pointer),
                      .detail = std::move(detail),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

void json_reader::check(level const &l) {
    l.type->check(l.object, found_);
    auto const outer = pointer(levels_.size() - 1);
    for (auto &f : found_) f.pointer.insert(0, outer);
}

} // namespace phial
