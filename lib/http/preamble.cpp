#include "phial/http/preamble.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"

#include <utility>

namespace phial {

preamble::preamble(std::string delimiter) : delimiter_(std::move(delimiter)), fallback_(delimiter_.size() + 1) {
    for (std::size_t i = 1, border = 0; i < delimiter_.size(); fallback_[++i] = border) {
        while (border > 0 && delimiter_[i] != delimiter_[border]) border = fallback_[border];
        if (delimiter_[i] == delimiter_[border]) ++border;
    }
}

void preamble::pass(std::string_view bytes) {
    for (char const c : bytes) {
        if (c == '\r' || c == '\n') end();
        pass(c);
    }
}

void preamble::pass(char c) noexcept {
    line_ = after_cr_ && c == '\n' ? 0 : line_ + 1;
    after_cr_ = c == '\r';
    at_delimiter_ = at_delimiter_ && (c == ' ' || c == '\t');
    while (matched_ > 0 && (matched_ == delimiter_.size() || c != delimiter_[matched_])) matched_ = fallback_[matched_];
    if (c == delimiter_[matched_]) ++matched_;
    if (matched_ < delimiter_.size()) return;
    at_delimiter_ = true;
    begins_line_ = line_ == delimiter_.size();
}

void preamble::end() const {
    if (!at_delimiter_) return;
    throw http_error(400, concat("The multipart body is malformed: the boundary in a line before the first part ",
                                 begins_line_
                                     ? "is not followed by CR LF."
                                     : "does not begin that line: only the beginning of the body or CR LF is allowed "
                                       "before it."));
}

} // namespace phial
