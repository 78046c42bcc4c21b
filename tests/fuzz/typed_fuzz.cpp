// Typed bodies, queries and forms: what is accepted reads back as itself, every fault points to something that is
// there, and memory stays within the account.
#include "fuzz.hpp"

#include "phial/http/form.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/json.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/typed/read.hpp"
#include "phial/typed/schema_of.hpp"
#include "phial/typed/write.hpp"
#include "unit/typed/typed_types.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::fuzzing;
using namespace phial::typed_types;

namespace {

constexpr std::size_t depth = 40;

// Whether the pointer leads to a value, or is_missing and its last step is the only one that is not there.
bool leads_somewhere(boost::json::value const &root, std::string_view pointer, bool is_missing) {
    boost::system::error_code ec;
    if (root.find_pointer(pointer, ec) != nullptr && !ec) return true;
    if (!is_missing) return false;
    ec = {};
    return root.find_pointer(pointer.substr(0, pointer.rfind('/')), ec) != nullptr && !ec;
}

void check_faults(std::string_view text, fault_list const &found) {
    require(found.size() <= http_error::most_faults);
    boost::json::parse_options options;
    options.max_depth = depth;
    auto const bom = text.starts_with("\xEF\xBB\xBF") ? 3U : 0U;
    auto const root = boost::json::parse({text.data() + bom, text.size() - bom}, {}, options);
    // Of a name that is there twice a tree has one value: then a pointer into the other may lead nowhere.
    bool const is_twice =
        std::any_of(found.begin(), found.end(), [](fault const &f) { return f.detail == "is there twice"; });
    for (auto const &f : found) {
        require(!f.detail.empty() && f.in.empty());
        require(is_twice || leads_somewhere(root, f.pointer, f.detail == "is missing"));
        require(f.got.size() < 100);
    }
}

template <class T>
void check_json(std::string_view text) {
    quota budget(text.size() * 400 + 100'000);
    fault_list found;
    {
        auto const account = std::make_shared<memory_account>(&budget);
        memory_share held(account);
        T value{};
        auto const error = read_json(schema_of<T>, &value, text, depth, held, found);
        bool is_json = true;
        try {
            (void)json::parse(text, depth);
        } catch (http_error const &) {
            is_json = false;
        }
        require(is_json == !error);
        if (error) return require(error->status() == 400);
        if (found.empty()) {
            auto const written = to_json(value);
            T again{};
            fault_list none;
            memory_share uncounted;
            require(!read_json(schema_of<T>, &again, written, depth + 1, uncounted, none));
            require(none.empty());
            require(to_json(again) == written);
        }
    }
    check_faults(text, found);
    require(budget.used() == 0);
}

template <class T>
void check_pairs(std::string_view text, pair_source source) {
    auto const pairs = parse_form(text);
    quota budget(text.size() * 400 + 100'000);
    fault_list found;
    memory_share held(std::make_shared<memory_account>(&budget));
    T value{};
    read_pairs(schema_of<T>, &value, source, pairs, held, found);
    require(found.size() <= http_error::most_faults);
    for (auto const &f : found) {
        require(!f.detail.empty());
        require(f.in.empty() == (source == pair_source::form));
        require(f.pointer.empty() || f.pointer.starts_with('/'));
    }
    if (found.empty()) (void)to_json(value);
}

} // namespace

// The first byte chooses the type.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto text = as_text(data, size);
    auto const choice = take(text, 1);
    switch (choice.empty() ? '0' : choice[0]) {
    case 'n': check_json<node>(text); break;
    case 's': check_json<stay>(text); break;
    case 'm': check_json<std::map<std::string, std::vector<place>>>(text); break;
    case 'd': check_json<defaults>(text); break;
    case 'q': check_pairs<paging>(text, pair_source::query); break;
    case 'f': check_pairs<paging>(text, pair_source::form); break;
    case 'h': check_pairs<strict_paging>(text, pair_source::header); break;
    case 'p': check_pairs<period>(text, pair_source::query); break;
    default: check_json<everything>(text); break;
    }
    return 0;
}
