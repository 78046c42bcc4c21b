#include "phial/http/preconditions.hpp"

#include "phial/http/http_date.hpp"
#include "phial/http/request.hpp"
#include "phial/http/tag_list.hpp"

namespace phial {
namespace {

std::optional<std::string> list_of_tags(fields_view fields, std::string_view name) {
    return fields.find(name) ? std::optional(fields.joined(name)) : std::nullopt;
}

// A date that comes twice is not a date.
std::optional<std::chrono::sys_seconds> date_in(fields_view fields, std::string_view name) {
    auto const value = fields.find_only(name);
    return value ? parse_http_date(*value) : std::nullopt;
}

} // namespace

preconditions::preconditions(request const &rq)
    : reads_(rq.effective_method() == method::get),
      if_match_(list_of_tags(rq.headers(), "If-Match")),
      if_none_match_(list_of_tags(rq.headers(), "If-None-Match")) {
    auto const fields = rq.headers();
    if (if_none_match_ && reads_) accepted_ = fields.joined("Accept-Encoding");
    if (!if_match_) if_unmodified_since_ = date_in(fields, "If-Unmodified-Since");
    if (!if_none_match_ && reads_) if_modified_since_ = date_in(fields, "If-Modified-Since");
    if (fields.find("If-Range")) if_range_ = fields.joined("If-Range");
}

preconditions::result preconditions::check(validators const &current) const & noexcept {
    auto const any = [](std::string const &list) { return trim(list) == "*"; };
    if (if_match_ && !any(*if_match_) && !find_tag(*if_match_, current.tag, tag_comparison::strongly))
        return {verdict::failed, {}};
    if (if_unmodified_since_ && current.modified && *current.modified > *if_unmodified_since_)
        return {verdict::failed, {}};
    if (if_none_match_) {
        auto const known = any(*if_none_match_)
                               ? current.tag
                               : find_tag(*if_none_match_, current.tag, tag_comparison::weakly, accepted_);
        if (known) return {reads_ ? verdict::not_modified : verdict::failed, *known};
    } else if (if_modified_since_ && current.modified && *current.modified <= *if_modified_since_) {
        return {verdict::not_modified, current.tag};
    }
    return {verdict::met, {}};
}

bool preconditions::allow_range(validators const &current, std::chrono::sys_seconds now) const noexcept {
    if (!if_range_) return true;
    if (if_range_->starts_with('"') || if_range_->starts_with("W/"))
        return are_equal_tags(*if_range_, current.tag, tag_comparison::strongly);
    auto const date = parse_http_date(*if_range_);
    return date && date == current.modified && *date < now;
}

} // namespace phial
