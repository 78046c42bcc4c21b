// htpasswd files: only strict content is accepted, the list of mistakes is limited, and nothing else is thrown.
#include "fuzz.hpp"

#include "phial/auth/bcrypt.hpp"
#include "phial/auth/htpasswd.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>

using namespace phial;
using namespace phial::fuzzing;

int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto text = as_text(data, size);
    auto const lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    try {
        auto const table = htpasswd_table::parse(text, "users");
        require(table.size() > 0 && table.size() <= lines && is_bcrypt(table.decoy()));
        while (!text.empty()) {
            auto line = take_until(text, '\n');
            if (line.empty() || line == "\r" || line.starts_with('#')) continue;
            auto const *hash = table.find(take_until(line, ':'));
            require(hash != nullptr && is_bcrypt(*hash) && line.starts_with(*hash));
        }
    } catch (htpasswd_error const &e) {
        require(!e.mistakes().empty() && e.mistakes().size() <= htpasswd_table::most_mistakes);
        require(e.mistakes().size() + e.more() <= 2 * lines); // a line may be a double of another, and have a bad hash
        for (auto const &told : e.mistakes())
            require(told.starts_with("users") && is_utf8(told) && told.find_first_of("\r\n") == told.npos);
    }
    return 0;
}
