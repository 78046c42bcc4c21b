// What json_view sees, compared with the tree that Boost.JSON makes of the same text.
#pragma once

#include "phial/text/json_view.hpp"

#include <boost/json/value.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace phial::fuzzing {

class json_tree {
  public:
    using tree = boost::json::value;

    /// Where they differ first, as a JSON pointer; nothing if they are the same. The order of a tree's members does not
    /// count: those of the view are sorted.
    static std::optional<std::string> difference(json_view view, tree const &value) {
        json_tree walk;
        if (walk.same(view, value)) return std::nullopt;
        return walk.where_.empty() ? "/" : walk.where_;
    }

  private:
    bool same(json_view view, tree const &value) {
        bool const is_container = value.is_array() || value.is_object();
        if (!is_container && (view.size() != 0 || view.find(0) || view.find(""))) return false;
        if (!value.is_array() && !view.elements().empty()) return false;
        if (!value.is_object() && !view.members().empty()) return false;
        if (value.is_array()) return same_array(view, value.get_array());
        if (value.is_object()) return same_object(view, value.get_object());
        if (value.is_number() != view.get<double>().has_value()) return false;
        if (auto const *text = value.if_string())
            return view.kind() == json_kind::string &&
                   view.get<std::string>() == std::string(text->data(), text->size());
        if (view.get<std::string>()) return false;
        if (auto const *yes = value.if_bool()) return view.kind() == json_kind::boolean && view.get<bool>() == *yes;
        if (view.get<bool>()) return false;
        if (value.is_null()) return view.kind() == json_kind::null && view.text() == "null" && !view.get<int>();
        return view.kind() == json_kind::number && same_number(view, value);
    }

    bool same_array(json_view view, boost::json::array const &all) {
        if (view.kind() != json_kind::array || view.size() != all.size()) return false;
        if (view.find(all.size()) || view.find(-1) || view.find("")) return false;
        std::size_t i = 0;
        for (auto const element : view.elements()) {
            if (i == all.size()) return false;
            if (i < 20 && view.find(i)->text().data() != element.text().data()) return false;
            if (!same(element, all[i])) return at(std::to_string(i));
            ++i;
        }
        return i == all.size();
    }

    bool same_object(json_view view, boost::json::object const &all) {
        if (view.kind() != json_kind::object || view.size() != all.size() || view.find(0)) return false;
        std::optional<std::string> before;
        for (auto const &[name, member] : view.members()) {
            auto const *const expected = all.if_contains(name);
            if (expected == nullptr || (before && *before >= name)) return at(name);
            auto const found = view.find(name);
            if (!found || found->text().data() != member.text().data()) return at(name);
            for (auto const &other : {name + "!", name + '\0', name.substr(0, name.size() / 2), "\\" + name})
                if (view.find(other).has_value() != all.contains(other)) return at(name);
            if (!same(member, *expected)) return at(name);
            before = name;
        }
        return true;
    }

    static bool same_number(json_view view, tree const &value) {
        auto const exact = std::strtod(std::string(view.text()).c_str(), nullptr);
        if (view.get<double>() != exact) return false;
        // Boost rounds in several steps.
        if (std::abs(exact - value.to_number<double>()) > std::abs(exact) * 1e-14 + 1e-300) return false;
        if (value.is_int64()) return same_integer(view, value.get_int64());
        if (value.is_uint64()) return same_integer(view, value.get_uint64());
        bool const is_whole = std::trunc(exact) == exact && std::abs(exact) <= 9007199254740992.0;
        if (!is_whole) return !view.get<std::int64_t>() && !view.get<std::uint64_t>();
        return same_integer(view, static_cast<std::int64_t>(exact));
    }

    template <class T>
    static bool same_integer(json_view view, T n) {
        return same_as<std::int8_t>(view, n) && same_as<std::uint8_t>(view, n) && same_as<int>(view, n) &&
               same_as<unsigned>(view, n) && same_as<std::int64_t>(view, n) && same_as<std::uint64_t>(view, n);
    }

    template <class As, class T>
    static bool same_as(json_view view, T n) {
        auto const got = view.get<As>();
        return std::in_range<As>(n) ? got && std::cmp_equal(*got, n) : !got;
    }

    bool at(std::string const &name) {
        where_ = "/" + name + where_;
        return false;
    }

    std::string where_;
};

} // namespace phial::fuzzing
