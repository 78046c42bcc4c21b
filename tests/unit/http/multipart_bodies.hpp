// Multipart bodies, and what the parser makes of them.
#pragma once

#include "phial/http/http_error.hpp"
#include "phial/http/multipart_parser.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace phial::testing {

using strings = std::vector<std::string>;

inline std::string describe(part_head const &head) {
    std::string out = "<" + head.name;
    if (head.filename) out += " file=" + *head.filename;
    if (!head.content_type.empty()) out += " type=" + head.content_type;
    return out;
}

// What the parser makes of a body, as a text: "<name file=... type=...>content</name>", then "end"; "cut" when the end
// did not come, "!400" and the like for an error. How content is cut into data events does not show.
inline std::string transcript(strings const &body, std::string_view boundary = "b") {
    std::string out;
    try {
        multipart_parser parser(boundary);
        strings pieces = body;
        pieces.emplace_back("\r\n");
        std::string head;
        for (auto const &piece : pieces) {
            std::string_view input = piece;
            for (;;) {
                using event = multipart_parser::event;
                auto const e = parser.next(input);
                if (e == event::end) return out + "end";
                if (e == event::need_more) break;
                if (e == event::part) {
                    head = describe(parser.head());
                    out += head + ">";
                    continue;
                }
                // The header is there as long as the part is.
                if (describe(parser.head()) != head) return out + "(lost the header)";
                if (e == event::part_end) out += "</" + parser.head().name + ">";
                if (e == event::data) out += parser.data().empty() ? "(empty data)" : parser.data();
            }
            if (!input.empty()) return out + "(left input)";
        }
        return out + "cut";
    } catch (http_error const &e) {
        return out + "!" + std::to_string(e.status());
    }
}

inline void check_however_it_is_cut(std::string const &body, std::string const &expected,
                                    std::string_view boundary = "b") {
    BOOST_TEST(transcript({body}, boundary) == expected);
    for (std::size_t const size : {1U, 2U, 3U, 7U})
        BOOST_TEST(transcript(cut(body, size), boundary) == expected, "cut into pieces of " << size);
    for (std::size_t at = 0; at <= body.size(); ++at) {
        auto const got = transcript({body.substr(0, at), body.substr(at)}, boundary);
        BOOST_TEST(got == expected, "cut at byte " << at << ": " << got);
    }
}

inline constexpr char disposition[] = "Content-Disposition: form-data; name=\"n\"\r\n";

inline std::string part(std::string const &content) {
    return std::string("--b\r\n") + disposition + "\r\n" + content + "\r\n";
}

// A body with one part of that header.
inline std::string with_header(std::string const &lines) { return "--b\r\n" + lines + "\r\nx\r\n--b--\r\n"; }

inline std::string with_parameters(std::string const &parameters) {
    return with_header("Content-Disposition: form-data" + parameters + "\r\n");
}

} // namespace phial::testing
