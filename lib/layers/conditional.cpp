#include "phial/layers/conditional.hpp"

#include "phial/http/http_error.hpp"
#include "phial/http/tag_list.hpp"
#include "phial/text/base64.hpp"

#include <array>
#include <cstdint>
#include <nettle/sha2.h>
#include <utility>

namespace phial {

std::string entity_tag(std::string_view content) {
    constexpr std::size_t kept = 16; // of 32: enough, if nobody looks for two that are the same
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, content.size(), reinterpret_cast<std::uint8_t const *>(content.data()));
    std::array<std::uint8_t, kept> digest{};
    sha256_digest(&context, digest.size(), digest.data());
    auto text = encode_base64({reinterpret_cast<char const *>(digest.data()), digest.size()});
    while (text.ends_with('=')) text.pop_back();
    return '"' + text + '"';
}

std::optional<response> not_modified(request const &rq, std::string_view tag) {
    if (rq.effective_method() != method::get || !rq.header("If-None-Match")) return std::nullopt;
    auto const list = rq.headers().joined("If-None-Match");
    auto const accepted = rq.headers().joined("Accept-Encoding");
    auto const known = find_tag(list, tag, tag_comparison::weakly, accepted);
    if (!known) return std::nullopt;
    response rs(304);
    rs.set("ETag", *known);
    return rs;
}

void require_match(request const &rq, std::string_view tag, precondition wanted) {
    auto const fields = rq.headers();
    if (fields.find("If-Match")) {
        if (!find_tag(fields.joined("If-Match"), tag, tag_comparison::strongly))
            throw http_error(412, tag.empty() ? "There is nothing of which If-Match could name a version."
                                              : "It has changed: If-Match names another version.");
        return;
    }
    if (fields.find("If-None-Match")) {
        if (find_tag(fields.joined("If-None-Match"), tag, tag_comparison::weakly))
            throw http_error(412, "It exists already, in the version that If-None-Match names.");
        return;
    }
    if (wanted == precondition::required)
        throw http_error(428, "Name the version that you mean: send If-Match with the ETag that you have read.");
}

task<response> entity_tags_layer::operator()(handler const &next, request &rq) const {
    constexpr std::size_t largest = std::size_t{1} << 20U;
    auto rs = co_await next(rq);
    bool const is_whole = rs.status() == 200 && rs.stream() == nullptr && rs.body().size() <= largest;
    if (rq.effective_method() != method::get || !is_whole) co_return rs;
    if (rs.get("ETag").empty()) rs.set("ETag", entity_tag(rs.body()));
    auto known = not_modified(rq, rs.get("ETag"));
    if (!known) co_return rs;
    // The fields that a 200 would have and caches need (RFC 9110 15.4.5).
    for (std::string_view const name : {"Cache-Control", "Content-Location", "Expires", "Vary"})
        if (auto const value = rs.get(name); !value.empty()) known->set(name, value);
    co_return std::move(*known);
}

} // namespace phial
