#include "phial/compression/encoder.hpp"

#include <algorithm>
#include <bit>
#include <brotli/encode.h>
#include <new>
#include <zlib.h>
#include <zstd.h>

namespace phial {
namespace {

// Levels for content that is made for one response. Higher ones take several times as long for a few percent.
constexpr int gzip_level = 4;
constexpr int brotli_quality = 4;
constexpr int zstd_level = 3;

// Bytes back that a match may be, as a power of two. Larger ones take megabytes of memory for 1 to 2 % of the content.
constexpr int brotli_window = 16;
constexpr int zstd_window = 16;
constexpr int zstd_least_window = 10;

// Room for what comes out of one call of a library.
constexpr std::size_t least_step = 512;

class gzip_encoder final : public encoder {
  public:
    explicit gzip_encoder(std::size_t size)
        : window_(std::clamp(static_cast<int>(std::bit_width(size)), 9, MAX_WBITS)),
          memory_level_(window_ - 7) {
        constexpr int gzip_format = 16;
        if (deflateInit2(&state_, gzip_level, Z_DEFLATED, gzip_format + window_, memory_level_, Z_DEFAULT_STRATEGY) !=
            Z_OK)
            throw std::bad_alloc();
    }
    ~gzip_encoder() override { deflateEnd(&state_); }
    gzip_encoder(gzip_encoder const &) = delete;
    gzip_encoder &operator=(gzip_encoder const &) = delete;

    void encode(std::string_view in, then next, std::string &out) override {
        // zlib does not write to `in`.
        state_.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(in.data()));
        state_.avail_in = static_cast<uInt>(in.size());
        auto const mode = next == then::end ? Z_FINISH : next == then::flush ? Z_SYNC_FLUSH : Z_NO_FLUSH;
        auto const step = std::max<std::size_t>(in.size() / 4, least_step);
        do {
            auto const before = out.size();
            out.resize(before + step);
            state_.next_out = reinterpret_cast<Bytef *>(out.data() + before);
            state_.avail_out = static_cast<uInt>(step);
            (void)deflate(&state_, mode); // fails only when it is used wrongly
            out.resize(before + step - state_.avail_out);
        } while (state_.avail_out == 0);
    }

    [[nodiscard]] std::size_t memory() const noexcept override { // zconf.h
        return (std::size_t{1} << static_cast<unsigned>(window_ + 2)) +
               (std::size_t{1} << static_cast<unsigned>(memory_level_ + 9)) + 6 * 1024;
    }

  private:
    int const window_;
    int const memory_level_;
    z_stream state_{};
};

class brotli_encoder final : public encoder {
  public:
    explicit brotli_encoder(std::size_t size) : state_(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
        if (state_ == nullptr) throw std::bad_alloc();
        auto const window = std::clamp(static_cast<int>(std::bit_width(size)), BROTLI_MIN_WINDOW_BITS, brotli_window);
        BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_QUALITY, brotli_quality);
        BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_LGWIN, static_cast<std::uint32_t>(window));
    }

    void encode(std::string_view in, then next, std::string &out) override {
        auto const operation = next == then::end     ? BROTLI_OPERATION_FINISH
                               : next == then::flush ? BROTLI_OPERATION_FLUSH
                                                     : BROTLI_OPERATION_PROCESS;
        auto const *bytes = reinterpret_cast<std::uint8_t const *>(in.data());
        auto left = in.size();
        bool has_more = false;
        do {
            std::size_t no_room = 0;
            if (BrotliEncoderCompressStream(state_.get(), operation, &left, &bytes, &no_room, nullptr, nullptr) ==
                BROTLI_FALSE)
                throw std::bad_alloc();
            has_more = BrotliEncoderHasMoreOutput(state_.get()) != BROTLI_FALSE;
            if (!has_more) continue;
            std::size_t n = 0;
            auto const *const made = BrotliEncoderTakeOutput(state_.get(), &n);
            out.append(reinterpret_cast<char const *>(made), n);
        } while (left > 0 || has_more);
    }

    [[nodiscard]] std::size_t memory() const noexcept override { return std::size_t{7} << 18U; } // measured

  private:
    struct destroy {
        void operator()(BrotliEncoderState *state) const noexcept { BrotliEncoderDestroyInstance(state); }
    };
    std::unique_ptr<BrotliEncoderState, destroy> state_;
};

class zstd_encoder final : public encoder {
  public:
    explicit zstd_encoder(std::size_t size) : state_(ZSTD_createCCtx()) {
        if (state_ == nullptr) throw std::bad_alloc();
        auto const window = std::clamp(static_cast<int>(std::bit_width(size)), zstd_least_window, zstd_window);
        ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_compressionLevel, zstd_level);
        ZSTD_CCtx_setParameter(state_.get(), ZSTD_c_windowLog, window);
    }

    void encode(std::string_view in, then next, std::string &out) override {
        auto const operation = next == then::end ? ZSTD_e_end : next == then::flush ? ZSTD_e_flush : ZSTD_e_continue;
        ZSTD_inBuffer input{in.data(), in.size(), 0};
        auto const step = std::max<std::size_t>(in.size() / 4, least_step);
        std::size_t left = 0;
        do {
            auto const before = out.size();
            out.resize(before + step);
            ZSTD_outBuffer output{out.data() + before, step, 0};
            left = ZSTD_compressStream2(state_.get(), &output, &input, operation);
            if (ZSTD_isError(left) != 0) throw std::bad_alloc();
            out.resize(before + output.pos);
        } while (input.pos < input.size || (operation != ZSTD_e_continue && left > 0));
    }

    [[nodiscard]] std::size_t memory() const noexcept override { return std::size_t{5} << 18U; } // measured

  private:
    struct destroy {
        void operator()(ZSTD_CCtx *state) const noexcept { ZSTD_freeCCtx(state); }
    };
    std::unique_ptr<ZSTD_CCtx, destroy> state_;
};

} // namespace

std::unique_ptr<encoder> make_encoder(coding c, std::size_t size) {
    switch (c) {
    case coding::gzip: return std::make_unique<gzip_encoder>(size);
    case coding::brotli: return std::make_unique<brotli_encoder>(size);
    case coding::zstd: return std::make_unique<zstd_encoder>(size);
    }
    return nullptr;
}

} // namespace phial
