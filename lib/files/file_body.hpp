// The body of a response that is read from a file while it is sent.
#pragma once

#include "phial/files/file_reader.hpp"
#include "phial/http/body.hpp"
#include "phial/http/memory_account.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace phial {

class worker_pool;

/// Reads a block at a time: on the loop if the kernel has it in memory, otherwise on the pool; the kernel reads ahead.
/// A file that cannot be read to its end breaks the connection.
class file_body final : public body_stream {
  public:
    /// Measured: more is not faster, because a block is still in the CPU's cache when it is written.
    static constexpr std::size_t block_size = std::size_t{64} << 10U;

    /// `pool` outlives it. `memory` is that of its block.
    file_body(worker_pool &pool, file_reader reader, memory_share memory);
    ~file_body() override;
    file_body(file_body const &) = delete;
    file_body &operator=(file_body const &) = delete;

    /// Reads the first block where it is called: on the pool.
    void begin();

    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override { return length_; }

  private:
    // What the pool works on; it may outlive the body.
    struct reading {
        explicit reading(file_reader from) : reader(std::move(from)) {}

        [[nodiscard]] std::span<char> room();

        file_reader reader;
        std::unique_ptr<char[]> block;
        std::size_t size = 0; // of what was read and not given
    };

    worker_pool &pool_;
    std::uint64_t length_;
    std::uint64_t left_; // bytes that were not given yet
    std::shared_ptr<reading> reading_;
    memory_share memory_;
};

} // namespace phial
