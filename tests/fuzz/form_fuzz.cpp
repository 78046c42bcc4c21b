// Urlencoded forms: the pairs are the same with and without an account, and nothing stays counted.
#include "fuzz.hpp"

#include "phial/http/form.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/text/utf8.hpp"

#include <memory>

using namespace phial;
using namespace phial::fuzzing;

namespace {

void check(std::string_view text, charset from, std::size_t most, std::uint64_t memory) {
    auto const expected = parse_form(text, from);
    quota budget(memory);
    try {
        auto const fields = parse_form(text, most, std::make_shared<memory_account>(&budget), from);
        require(static_cast<form_fields const &>(fields) == expected);
        require(fields.size() <= most);
        std::uint64_t held = fields.size() * sizeof(form_fields::value_type);
        for (auto const &[name, value] : fields) {
            require(is_utf8(name) && is_utf8(value));
            require(form_value(text, name).has_value() || from != charset::utf_8);
            held += name.size() + value.size();
        }
        require(budget.used() >= held);
    } catch (http_error const &e) {
        require(e.status() == 413);
        require(expected.size() > most || memory < text.size() * 4 + (expected.size() + 1) * 256);
    }
    require(budget.used() == 0);
}

} // namespace

// The first byte chooses the charset and how many pairs are allowed.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto text = as_text(data, size);
    auto const choice = text.empty() ? 0U : static_cast<unsigned char>(take(text, 1)[0]);
    auto const from = choice % 2 == 0 ? charset::utf_8 : charset::windows_1252;
    check(text, from, choice, text.size());
    check(text, from, 1000, 1 << 22);
    return 0;
}
