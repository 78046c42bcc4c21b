#include "phial/text/json_pointer.hpp"

#include "phial/text/json_bytes.hpp"
#include "phial/text/json_text.hpp"

#include <vector>

namespace phial {
namespace {

// An array or object that is open where the part begins.
struct level {
    bool is_array;
    std::size_t index;     // of the element
    std::string_view name; // of the member, as it is written
};

// One pass over the text before the part, however deep it is.
std::vector<level> levels_around(std::string_view text, char const *part) {
    std::vector<level> open;
    auto const *const end = text.data() + text.size();
    for (auto const *p = text.data(); p != end && p != part;) {
        char const c = *p;
        if (c == '"') {
            auto const *const after = json_bytes::after_string(p, end);
            if (after != end && *after == ':' && !open.empty())
                open.back().name = {p + 1, static_cast<std::size_t>(after - p) - 2};
            p = after;
            continue;
        }
        if (c == '[' || c == '{') open.push_back({c == '[', 0, {}});
        if ((c == ']' || c == '}') && !open.empty()) open.pop_back();
        if (c == ',' && !open.empty()) ++open.back().index;
        ++p;
    }
    return open;
}

void cut(std::string &pointer, std::size_t longest) {
    if (pointer.size() <= longest) return;
    while (longest > 0 && (static_cast<unsigned char>(pointer[longest]) & 0xC0) == 0x80)
        --longest; // not in a character
    pointer.replace(longest, pointer.npos, "...");
}

} // namespace

void append_pointer_token(std::string &pointer, std::string_view name) {
    pointer += '/';
    for (char const c : name) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

std::string json_pointer(json_view root, json_view part, std::size_t longest) {
    std::string pointer;
    for (auto const &l : levels_around(root.text(), part.text().data())) {
        if (pointer.size() > longest) break;
        // A byte is written with at most six.
        append_pointer_token(pointer,
                             l.is_array ? std::to_string(l.index) : unescape_json(l.name.substr(0, 6 * longest + 12)));
    }
    cut(pointer, longest);
    return pointer;
}

} // namespace phial
