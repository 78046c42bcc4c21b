// A body that is encoded while it is sent.
#pragma once

#include "phial/compression/compression.hpp"
#include "phial/compression/encoder.hpp"
#include "phial/http/body.hpp"
#include "phial/http/memory_account.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

class encoded_body final : public body_stream {
  public:
    /// `held`: the memory of the source. Throws std::bad_alloc.
    encoded_body(coding chosen, memory_share held, encoding_resources const &with);
    ~encoded_body() override;
    encoded_body(encoded_body const &) = delete;
    encoded_body &operator=(encoded_body const &) = delete;

    /// Whether there was memory left for the encoder. If not, this must not be used.
    [[nodiscard]] bool has_memory() const noexcept { return encoder_ != nullptr; }
    /// To be called once, before anything else.
    void read(std::unique_ptr<body_stream> source) noexcept { source_ = std::move(source); }

    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }
    std::uint64_t held() const noexcept override { return held_.bytes() + taken_ + source_->held(); }

  private:
    encoding_resources with_;
    memory_share held_;
    std::uint64_t taken_ = 0; // of the memory for encoders
    std::unique_ptr<encoder> encoder_;
    std::unique_ptr<body_stream> source_;
    std::string_view piece_; // of the source, what is not encoded yet
    std::string out_;
    bool ended_ = false;
};

} // namespace phial
