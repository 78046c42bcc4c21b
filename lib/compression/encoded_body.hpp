// A body that is encoded while it is sent.
#pragma once

#include "phial/compression/encoder.hpp"
#include "phial/http/body.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/request.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

class encoded_body final : public body_stream {
  public:
    /// `held`: bytes in memory that the source will have. `rq` outlives this; its account counts them and the encoder.
    /// Throws std::bad_alloc and what memory_account::take throws.
    encoded_body(coding chosen, std::uint64_t held, request &rq);
    /// To be called once, before anything else.
    void read(std::unique_ptr<body_stream> source) noexcept { source_ = std::move(source); }

    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }
    std::uint64_t held() const noexcept override { return held_ + source_->held(); }

  private:
    [[nodiscard]] task<> encode(std::string_view bytes, encoder::then next);

    std::unique_ptr<encoder> encoder_;
    std::uint64_t const held_;
    request &rq_;
    memory_share share_;
    std::unique_ptr<body_stream> source_;
    std::string_view piece_; // of the source, what is not encoded yet
    std::string out_;
    bool ended_ = false;
};

} // namespace phial
