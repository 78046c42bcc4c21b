#include "phial/http/content_coding.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/charset.hpp"
#include "phial/text/concat.hpp"

namespace phial {
namespace {

void require_identity(std::string_view list) {
    while (!list.empty()) {
        auto const element = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), element.size() + 1));
        auto const coding = trim(element);
        if (coding.empty() || iequals(coding, "identity")) continue;
        throw http_error(415, concat("Content is accepted without a coding (identity) only, not with the "
                                     "Content-Encoding '",
                                     shown_label(coding), "'."))
            .add("Accept-Encoding", "identity");
    }
}

} // namespace

void require_no_content_coding(fields_view fields) {
    for (auto const &line : fields)
        if (iequals(line.name, "Content-Encoding")) require_identity(line.value);
}

} // namespace phial
