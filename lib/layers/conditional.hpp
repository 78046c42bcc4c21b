// Conditional requests by entity tags (RFC 9110 13): what has not changed is not sent, and what has changed is not
// overwritten.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/http/layer.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/typed/write.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace phial {

/// A strong entity tag (RFC 9110 8.8.3) for these bytes: 22 characters of their SHA-256, in quotes. 1 MiB takes less
/// than a millisecond.
[[nodiscard]] std::string entity_tag(std::string_view content);

/// The tag that `entity_tags` gives to an answer of this value: for require_match, before it is changed.
///
///     require_match(rq, entity_tag_of(article), precondition::required);
template <class T>
[[nodiscard]] std::string entity_tag_of(T const &value) {
    return entity_tag(to_json(value) + '\n');
}

/// For GET: a response 304 with the tag if the client already has this version (If-None-Match, RFC 9110 13.1.2). `tag`
/// is an entity tag with its quotes, `"v7"` or `W/"v7"`; tags are compared weakly. A malformed field matches nothing. A
/// client that has received `"v7-gzip"` from a layer that compresses has this version, too: its tag is that of the 304,
/// so that a cache finds the response that it has kept (RFC 9111 4.3.4). See find_tag in lib/http.
///
/// There are no dates here: of what a handler makes, a tag says more. `preconditions` in lib/http has all of the
/// conditions, for what has a modification time.
///
///     auto const tag = entity_tag(article.text);
///     if (auto known = not_modified(rq, tag)) return std::move(*known);
///     return text(article.text).set("ETag", tag);
[[nodiscard]] std::optional<response> not_modified(request const &rq, std::string_view tag);

/// Whether a request that changes something must say which version it changes.
enum class precondition { optional, required };

/// For PUT, PATCH and DELETE: throws http_error(412) if the client means another version than `tag` (If-Match, compared
/// strongly, or If-None-Match), and 428 (RFC 6585 3) if it names no version although it must. `"v7-gzip"` is the
/// version `"v7"`. An empty `tag` means that nothing exists yet: `If-None-Match: *` asks for that, and every If-Match
/// fails.
void require_match(request const &rq, std::string_view tag, precondition wanted = precondition::optional);

/// A layer that gives an entity tag to each whole response to GET with status 200 that has none and at most 1 MiB, and
/// responds with 304 if the client has it. It saves sending, not making the response.
///
///     bp.use(entity_tags);
struct entity_tags_layer {
    task<response> operator()(handler const &next, request &rq) const;
};
inline constexpr entity_tags_layer entity_tags;

} // namespace phial
