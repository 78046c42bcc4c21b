// Heads of requests for tests, and what is expected of every head that is complete or refused.
#pragma once

#include "phial/server/head_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace phial::testing {

// Each of `lines`, and the empty line, with its CR LF.
inline std::string head_of(std::initializer_list<std::string_view> lines) {
    std::string out;
    for (auto const line : lines) out.append(line).append("\r\n");
    return out + "\r\n";
}

// A GET of HTTP/1.1 with its Host and the given lines.
inline std::string get(std::vector<std::string> const &lines) {
    auto out = std::string("GET / HTTP/1.1\r\nHost: a\r\n");
    for (auto const &line : lines) out.append(line).append("\r\n");
    return out + "\r\n";
}

enum class framing_after { unknown, known };

inline void check_refused(std::string const &bytes, std::initializer_list<unsigned> statuses,
                          framing_after after = framing_after::unknown) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        head_parser p{message_limits()};
        BOOST_TEST((p.parse(bytes) == head_parser::result::refused));
        auto const is_status = [&](unsigned status) { return p.why().status == status; };
        BOOST_TEST(std::any_of(statuses.begin(), statuses.end(), is_status), "the status is " << p.why().status);
        BOOST_TEST(!p.why().reason.empty());
        BOOST_TEST(p.framing_is_known() == (after == framing_after::known));
        if (after == framing_after::known) BOOST_TEST(p.size() == bytes.size());
        // However little of it has come, it is not taken for a whole one.
        for (std::size_t n = bytes.size() > 1000 ? bytes.size() : 0; n < bytes.size(); ++n)
            BOOST_TEST((p.parse(std::string_view(bytes).substr(0, n)) != head_parser::result::complete));
    }
}

inline void check_complete(std::string const &bytes) {
    BOOST_TEST_CONTEXT(bytes.substr(0, 200)) {
        head_parser p{message_limits()};
        BOOST_TEST((p.parse(bytes) == head_parser::result::complete));
        BOOST_TEST(p.why().status == 0U);
        BOOST_TEST(p.size() == bytes.size());
    }
}

} // namespace phial::testing
