// Headers of the PROXY protocol.
#include "fuzz.hpp"

#include "phial/http/networks.hpp"
#include "phial/server/proxy_header.hpp"

#include <string>
#include <vector>

using namespace phial;
using namespace phial::fuzzing;
using result = proxy_header::result;

// What is found never depends on where the bytes were cut, nor on what follows, and it ends.
int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size) {
    auto const input = as_text(data, size);
    auto const whole = read_proxy_header(input);
    for (std::size_t n = 0; n <= input.size(); n += n < 300 ? 1 : 97) {
        std::vector<char> const memory(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(n));
        auto const part = read_proxy_header({memory.data(), n});
        if (part.found == result::need_more) require(n < longest_proxy_header);
        if (part.found == result::malformed) require(whole.found == result::malformed && !part.client);
        if (part.found != result::complete) continue;
        require(whole.found == result::complete && part.size <= n && part.size == whole.size &&
                part.client == whole.client);
    }
    if (whole.found != result::complete) return 0;
    require(whole.size >= 15 && whole.size <= longest_proxy_header && whole.size <= input.size());
    require(whole.client || input.find("UNKNOWN") != input.npos || input.front() == '\r');
    auto const header = std::string(input.substr(0, whole.size));
    require(read_proxy_header(header + "GET / HTTP/1.1").size == whole.size);
    if (whole.client) require(unmapped(*whole.client) == *whole.client);
    return 0;
}
