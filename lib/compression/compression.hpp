// Compressed responses, for clients that accept them.
#pragma once

#include "phial/compression/encoder.hpp"
#include "phial/http/handler.hpp"
#include "phial/runtime/quota.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace phial {

class worker_pool;

struct compression {
    enum class codings : std::uint8_t { none, gzip, all };
    codings offered = codings::gzip;
    std::size_t least = 1024; // bytes of content; less is not worth it
};

/// What encoders use; both outlive the app.
struct encoding_resources {
    worker_pool *pool = nullptr; // for long pieces, and for nothing that others wait for; null: the loop encodes them
    quota *memory = nullptr;     // of all encoders of contents above 16 KiB together; null: no limit
};

/// An app whose responses are compressed for clients that accept it, whoever has made them, if their content is worth
/// it: at least `how.least` bytes, or a stream, of a media type that is not compressed already. The others pay nothing
/// for it.
///
/// The response then has Content-Encoding, `Vary: Accept-Encoding`, and a strong entity tag gets the coding as a suffix
/// (`"v7"` becomes `"v7-gzip"`), which not_modified() and require_match() understand. Up to 16 KiB are compressed at
/// once; larger contents and streams while they are sent, piece by piece, long pieces on a pool. What a generator has
/// yielded when it waits can be decoded by the client at once. When the memory for encoders is used up, gzip takes the
/// least; without it, the response is left as it is.
///
/// Left as they are: partial contents (206), what has a Content-Encoding or a Content-Digest, what has `Cache-Control:
/// no-transform`, and endless streams (events), because an encoder takes up to 1.75 MiB as long as the stream is open.
/// A handler sets `Cache-Control: no-transform` for content with a secret beside something that an attacker chooses:
/// the size of the compressed response tells how much the two have in common (BREACH).
[[nodiscard]] app compressed(app inner, compression how, encoding_resources with = {});

/// Which coding a response is to have, by a value of Accept-Encoding: of equal weights, zstd before br before gzip.
/// Nothing: the content as it is, also for a client that accepts nothing at all.
[[nodiscard]] std::optional<coding> preferred_coding(std::string_view accept_encoding, compression::codings offered);

/// Whether content of this media type becomes much smaller.
[[nodiscard]] bool is_worth_compressing(std::string_view content_type) noexcept;

} // namespace phial
