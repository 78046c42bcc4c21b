// JSON: what is accepted is what Boost.JSON accepts; it is canonical, reads back as itself however it is spaced, and
// looked into it is the tree that Boost makes of it.
#include "fuzz.hpp"
#include "json_reference.hpp"
#include "json_tree.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/text/json_pointer.hpp"
#include "phial/text/json_view.hpp"
#include "phial/text/utf8.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

using namespace phial;
using namespace phial::fuzzing;

namespace {

boost::json::value tree_of(json const &value) {
    boost::json::parse_options options;
    options.max_depth = message_limits().json_depth;
    return boost::json::parse(value.text(), {}, options);
}

// How many commas and colons are written for a value. Its keys rise from one to the next.
std::size_t separators(boost::json::value const &value) {
    std::size_t n = 0;
    if (auto const *array = value.if_array()) {
        for (auto const &element : *array) n += separators(element) + 1;
        return array->empty() ? 0 : n - 1;
    }
    auto const *object = value.if_object();
    if (object == nullptr || object->empty()) return 0;
    std::string_view last;
    for (auto const &member : *object) {
        std::string_view const key(member.key().data(), member.key().size());
        require(n == 0 || last < key);
        last = key;
        n += separators(member.value()) + 2;
    }
    return n - 1;
}

// A pointer leads back to the part it was made for. The last of the innermost ones is the longest.
void check_pointers(json const &value) {
    auto place = value[""];
    for (auto view = value.view(); view.size() != 0;) {
        auto const elements = view.elements();
        for (auto const &element : elements) view = element;
        for (auto const &member : view.members()) {
            if (elements.empty()) view = member.second;
        }
        place = json_at(value.view(), view);
        auto const pointer = place.pointer();
        if (pointer.size() > 200) return;
        boost::system::error_code ec;
        auto const tree = tree_of(value);
        auto const *const found = tree.find_pointer(pointer, ec);
        require(found != nullptr && !json_tree::difference(view, *found));
    }
}

void check(json const &value) {
    auto const &text = value.text();
    for (char const c : text) require(c >= 0x20 && c < 0x7F);
    require(json::parse(text) == value);
    require(json::parse(dumps(value)) == value);
    if (text.size() < 512) require(json::parse(dumps_indented(value)) == value); // indented, 4 KiB can be megabytes
    // A tree has no key twice, so the text has none either.
    require(dumps(value).size() == text.size() + separators(tree_of(value)));
    require(dumps(value, nullptr) == dumps(value));
}

// Little memory is 413 and nothing else; nothing stays counted.
void check_account(std::string_view bytes, std::uint64_t memory) {
    quota budget(memory);
    try {
        auto const value = json::parse(bytes, message_limits().json_depth, std::make_shared<memory_account>(&budget));
        require(value == json::parse(bytes));
        if (value.shared_text()) require(budget.used() >= value.text().size());
    } catch (http_error const &e) {
        require(e.status() == 413 || e.status() == 400);
    }
    require(budget.used() == 0);
}

// A text that was not parsed: nothing beyond its end is read.
void check_any(json_view view) {
    (void)view.find(view.text().substr(0, 3));
    for (auto const &[name, member] : view.members()) (void)member.get<std::string>();
    for (auto const &element : view.elements()) (void)element.get<std::int64_t>();
    (void)view.get<double>();
}

void check_string(std::string_view bytes) {
    json const value(bytes);
    check(value);
    auto const tree = tree_of(value);
    require(std::string_view(tree.as_string().data(), tree.as_string().size()) == to_utf8(bytes));
    check(json{{bytes, value}, {"", 1}, {bytes.substr(0, 1), bytes}});
}

void check_double(std::string_view bytes) {
    double number = 0;
    if (bytes.size() < sizeof number) return;
    std::memcpy(&number, bytes.data(), sizeof number);
    if (!std::isfinite(number)) return;
    json const value(number);
    check(value);
    double again = 0;
    std::from_chars(value.text().data(), value.text().data() + value.text().size(), again);
    require(again == number);
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto const bytes = as_text(data, size);
    auto const expected = json_reference::read(bytes, message_limits().json_depth);
    try {
        auto const value = json::parse(bytes);
        require(value.text() == expected);
        check(value);
        require(!json_tree::difference(value.view(), tree_of(value)));
        check_pointers(value);
        require(is_utf8(bytes));
    } catch (http_error const &e) {
        require(e.status() == 400);
        require(!expected);
    }
    check_any(json_view(bytes));
    check_account(bytes, bytes.size() * 2);
    check_account(bytes, 1 << 20);
    check_string(bytes.substr(0, 128));
    check_double(bytes);
    return 0;
}
