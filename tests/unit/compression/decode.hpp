// Decoding of content codings, as a client does it.
#pragma once

#include <brotli/decode.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <zlib.h>
#include <zstd.h>

namespace phial::testing {

/// All that can be decoded of `bytes`, and whether that is the end.
struct decoding {
    std::string text;
    bool is_end = false;
};

inline decoding decode_gzip(std::string_view bytes) {
    decoding out;
    z_stream state{};
    if (inflateInit2(&state, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
    state.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    state.avail_in = static_cast<uInt>(bytes.size());
    char room[65536];
    int result = Z_OK;
    do {
        state.next_out = reinterpret_cast<Bytef *>(room);
        state.avail_out = sizeof room;
        result = inflate(&state, Z_SYNC_FLUSH);
        out.text.append(room, sizeof room - state.avail_out);
    } while (result == Z_OK && (state.avail_in > 0 || state.avail_out == 0));
    out.is_end = result == Z_STREAM_END && state.avail_in == 0;
    inflateEnd(&state);
    return out;
}

inline decoding decode_brotli(std::string_view bytes) {
    decoding out;
    auto *const state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
    auto const *in = reinterpret_cast<std::uint8_t const *>(bytes.data());
    auto left = bytes.size();
    char room[65536];
    auto result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        auto *next = reinterpret_cast<std::uint8_t *>(room);
        std::size_t size = sizeof room;
        result = BrotliDecoderDecompressStream(state, &left, &in, &size, &next, nullptr);
        out.text.append(room, sizeof room - size);
    }
    out.is_end = result == BROTLI_DECODER_RESULT_SUCCESS && left == 0;
    BrotliDecoderDestroyInstance(state);
    return out;
}

inline decoding decode_zstd(std::string_view bytes) {
    decoding out;
    auto *const state = ZSTD_createDStream();
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    char room[65536];
    std::size_t result = 1;
    bool is_full = true;
    while (in.pos < in.size || (is_full && result != 0)) {
        ZSTD_outBuffer to{room, sizeof room, 0};
        result = ZSTD_decompressStream(state, &to, &in);
        if (ZSTD_isError(result) != 0) break;
        out.text.append(room, to.pos);
        is_full = to.pos == to.size;
    }
    out.is_end = result == 0;
    ZSTD_freeDStream(state);
    return out;
}

inline decoding decode(std::string_view coding, std::string_view bytes) {
    if (coding == "gzip") return decode_gzip(bytes);
    if (coding == "br") return decode_brotli(bytes);
    return decode_zstd(bytes);
}

[[nodiscard]] inline std::string decoded_so_far(std::string_view coding, std::string_view bytes) {
    return decode(coding, bytes).text;
}
/// Throws std::runtime_error when the end is missing.
[[nodiscard]] inline std::string decoded(std::string_view coding, std::string_view bytes) {
    auto out = decode(coding, bytes);
    if (!out.is_end) throw std::runtime_error("the coded content is not complete");
    return out.text;
}

} // namespace phial::testing
