#include "phial/compression/compression.hpp"

#include "phial/compression/encoded_body.hpp"
#include "phial/http/coding_preference.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/media_type.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <span>
#include <string>
#include <utility>

namespace phial {
namespace {

constexpr std::size_t most_at_once = 16 * 1024;

bool has_part(std::string_view list, std::string_view wanted) {
    bool found = false;
    for_each_part(list, [&](std::string_view one) { found = found || iequals(one, wanted); });
    return found;
}

bool may_be_compressed(response const &rs, std::size_t least) {
    auto const status = rs.status();
    if (status < 200 || status == 204 || status == 206) return false;
    if (auto const *const stream = rs.stream())
        if (stream->is_endless() || stream->length().value_or(UINT64_MAX) < least) return false;
    bool const has_coding = !rs.get("Content-Encoding").empty();
    bool const is_bound = !rs.get("Content-Range").empty() || !rs.get("Content-Digest").empty(); // to these bytes
    return !has_coding && !is_bound && is_worth_compressing(rs.get("Content-Type")) &&
           !has_part(rs.get("Cache-Control"), "no-transform");
}

void set_fields(response &rs, coding chosen) {
    rs.set("Content-Encoding", to_string(chosen));
    if (!rs.get("Accept-Ranges").empty()) rs.set("Accept-Ranges", "none"); // they would be of other bytes
    if (auto const tag = rs.get("ETag"); tag.starts_with('"') && tag.size() > 1)
        rs.set("ETag", concat(tag.substr(0, tag.size() - 1), "-", to_string(chosen), "\""));
}

void compress_at_once(response &rs, coding chosen) {
    std::string smaller;
    make_encoder(chosen, rs.body().size())->encode(rs.body(), encoder::then::end, smaller);
    if (smaller.size() >= rs.body().size()) return;
    set_fields(rs, chosen);
    rs.body() = std::move(smaller);
}

// False when there is no memory left for that coding: nothing is changed then. Throws http_error, and changes nothing,
// when there is none for the body.
bool compress_while_sent(request &rq, response &rs, coding chosen, encoding_resources const &with) {
    memory_share held(rq.memory());
    held.grow(rs.body().size());
    auto encoded = std::make_unique<encoded_body>(chosen, std::move(held), with);
    if (!encoded->has_memory()) return false;
    auto source = rs.take_stream();
    if (source == nullptr) source = std::make_unique<string_body>(std::move(rs.body()));
    encoded->read(std::move(source));
    set_fields(rs, chosen);
    rs.stream(std::move(encoded));
    return true;
}

class compressing {
  public:
    compressing(compression how, encoding_resources with) : how_(how), with_(with) {}

    void operator()(request &rq, response &rs) const noexcept {
        try {
            // A 304 has the fields of the response that it speaks of, whose size is not known here (RFC 9110 15.4.5).
            bool const is_known = rs.status() == 304;
            if (!is_known && !may_be_compressed(rs, how_.least)) return;
            if (!has_part(rs.get("Vary"), "Accept-Encoding")) rs.add("Vary: Accept-Encoding");
            auto const accept = rq.headers().joined("Accept-Encoding");
            auto const chosen = preferred_coding(accept, how_.offered);
            if (!chosen || is_known) return;
            if (rs.stream() == nullptr && rs.body().size() <= most_at_once)
                compress_at_once(rs, *chosen);
            else if (!compress_while_sent(rq, rs, *chosen, with_) &&
                     preferred_coding(accept, compression::codings::gzip))
                (void)compress_while_sent(rq, rs, coding::gzip, with_);
        } catch (http_error const &) { // NOLINT(bugprone-empty-catch): the server says so
        } catch (std::bad_alloc const &) {
            rs = response(503);
        }
    }

  private:
    compression how_;
    encoding_resources with_;
};

} // namespace

std::optional<coding> preferred_coding(std::string_view accept_encoding, compression::codings offered) {
    constexpr std::array preferred{coding::zstd, coding::brotli, coding::gzip};
    constexpr std::array names{to_string(preferred[0]), to_string(preferred[1]), to_string(preferred[2])};
    if (offered == compression::codings::none || accept_encoding.empty()) return std::nullopt;
    std::span const offers(names);
    auto const wanted =
        wanted_codings(accept_encoding, offered == compression::codings::gzip ? offers.last(1) : offers);
    if (wanted.empty()) return std::nullopt;
    return preferred[static_cast<std::size_t>(std::ranges::find(names, wanted.front()) - names.begin())];
}

bool is_worth_compressing(std::string_view content_type) noexcept {
    constexpr std::string_view text = "text/";
    if (iequals(content_type.substr(0, text.size()), text)) return true;
    auto const type = parse_media_type(content_type);
    if (type.is_json()) return true;
    if (type.subtype.size() > 4 && iequals(type.subtype.substr(type.subtype.size() - 4), "+xml")) return true;
    constexpr std::array<std::string_view, 12> others{"application/javascript",
                                                      "application/xml",
                                                      "application/x-ndjson",
                                                      "application/jsonl",
                                                      "application/yaml",
                                                      "application/wasm",
                                                      "application/sql",
                                                      "application/rtf",
                                                      "application/x-tar",
                                                      "font/ttf",
                                                      "font/otf",
                                                      "image/bmp"};
    return std::any_of(others.begin(), others.end(), [&](std::string_view one) { return type.is(one); });
}

app compressed(app inner, compression how, encoding_resources with) {
    if (how.offered == compression::codings::none) return inner;
    inner.filter = {how.least, compressing(how, with)};
    return inner;
}

} // namespace phial
