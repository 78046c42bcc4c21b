#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/json_pointer.hpp"
#include "phial/typed/expectation.hpp"
#include "phial/typed/faults.hpp"
#include "phial/typed/read.hpp"
#include "phial/typed/scalar.hpp"

#include <cstdint>
#include <utility>

namespace phial {
namespace {

std::string field_name(std::string_view member) {
    std::string name(member);
    for (char &c : name) c = c == '_' ? '-' : c;
    return name;
}

class pairs_reader {
  public:
    pairs_reader(schema const &type, void *object, pair_source source, memory_share &held, fault_list &found)
        : type_(type),
          facts_(type.facts()),
          object_(object),
          source_(source),
          held_(held),
          found_(found) {}

    void read(std::string_view name, std::string_view value) {
        auto const n = find(name);
        if (n == type_.members.size()) {
            if (source_ != pair_source::header && !is_open()) unknown(name);
            return;
        }
        auto const bit = std::uint32_t{1} << n;
        bool const is_again = (seen_ & bit) != 0;
        seen_ |= bit;
        auto const *type = type_.members[n].type;
        void *at = member(n);
        if (type->kind == schema_kind::array) {
            if (!is_again) type->clear(at); // of its default
            if (!has_room(*type, at, bit)) return;
        } else if (is_again) {
            return report(n, "is there twice", "one value", "");
        }
        if (type->kind == schema_kind::array || type->kind == schema_kind::optional) {
            at = type->add(at, {});
            type = type->element;
        }
        held_.grow(value.size());
        if (store_word(*type, at, value)) return;
        auto expected = expectation(*type);
        auto detail = concat("must be ", expected);
        report(n, std::move(detail), std::move(expected), shown(*type, value));
    }

    void end() {
        for (std::size_t n = 0; n < type_.members.size(); ++n) {
            auto const &type = *type_.members[n].type;
            if (type.kind == schema_kind::array)
                check_size(n); // no pair is an empty list
            else if ((facts_.required >> n & ~(seen_ >> n) & 1U) != 0)
                report(n, "is missing", expectation(type), "nothing");
        }
        if (type_.check == nullptr || !found_.empty()) return;
        type_.check(object_, found_);
        for (auto &f : found_) {
            if (source_ == pair_source::form) continue;
            f.in = in();
            f.parameter = std::exchange(f.pointer, {}).erase(0, 1); // its slash
        }
    }

  private:
    [[nodiscard]] std::size_t find(std::string_view name) const noexcept {
        std::size_t n = 0;
        for (; n < type_.members.size(); ++n) {
            auto const member = type_.members[n].name;
            if (source_ == pair_source::header ? is_field_name(member, name) : member == name) break;
        }
        return n;
    }
    [[nodiscard]] bool is_open() const noexcept {
        return source_ == pair_source::query ? !type_.is_strict : type_.is_open;
    }
    [[nodiscard]] void *member(std::size_t n) const noexcept {
        return static_cast<std::byte *>(object_) + facts_.offsets[n];
    }

    // Counts the memory of one more element; false when there are enough: end() says so.
    bool has_room(schema const &array, void const *at, std::uint32_t bit) {
        if (array.elements(at).size >= array.high) {
            too_many_ |= bit;
            return false;
        }
        held_.grow(schema::first_elements * array.element->size);
        return true;
    }
    void check_size(std::size_t n) {
        auto const &type = *type_.members[n].type;
        auto const size = type.elements(member(n)).size;
        bool const is_too_many = (too_many_ >> n & 1U) != 0;
        if (size >= static_cast<std::size_t>(type.low) && !is_too_many) return;
        auto expected = expectation(type);
        auto detail = concat("must be ", expected);
        report(n, std::move(detail), std::move(expected), is_too_many ? "more" : concat("a list of ", size));
    }

    [[nodiscard]] std::string_view in() const noexcept { return source_ == pair_source::query ? "query" : "header"; }
    // Header fields may be secret.
    [[nodiscard]] std::string shown(schema const &type, std::string_view value) const {
        return source_ == pair_source::header ? concat(value.size(), " bytes") : what_came(type, value);
    }
    void unknown(std::string_view name) {
        auto const is_short = name.size() <= 100;
        add(is_short ? name : std::string_view(), "is not known here", concat("only ", member_names(type_)),
            quoted_start(name));
    }
    void report(std::size_t n, std::string detail, std::string expected, std::string got) {
        add(type_.members[n].name, std::move(detail), std::move(expected), std::move(got));
    }
    void add(std::string_view name, std::string detail, std::string expected, std::string got) {
        if (found_.size() >= http_error::most_faults) return;
        fault f{.detail = std::move(detail), .expected = std::move(expected), .got = std::move(got)};
        if (source_ == pair_source::form) {
            if (!name.empty()) append_pointer_token(f.pointer, name);
        } else {
            f.in = in();
            f.parameter = source_ == pair_source::header ? field_name(name) : std::string(name);
        }
        found_.push_back(std::move(f));
    }

    schema const &type_;
    object_facts const &facts_;
    void *object_;
    pair_source source_;
    memory_share &held_;
    fault_list &found_;
    std::uint32_t seen_ = 0;     // a bit for each member
    std::uint32_t too_many_ = 0; // arrays that are full
};

} // namespace

bool is_field_name(std::string_view member, std::string_view field) noexcept {
    if (member.size() != field.size()) return false;
    for (std::size_t n = 0; n < member.size(); ++n) {
        char const c = member[n] == '_' ? '-' : to_lower(member[n]);
        if (c != to_lower(field[n])) return false;
    }
    return true;
}

void read_pairs(schema const &type, void *object, pair_source source, std::span<name_and_value const> pairs,
                memory_share &held, fault_list &found) {
    pairs_reader reader(type, object, source, held, found);
    for (auto const &[name, value] : pairs) reader.read(name, value);
    reader.end();
}

} // namespace phial
