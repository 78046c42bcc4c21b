// Memory for bytes on their way to the disk, in blocks of one size.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace phial {

class block_pool;

/// A block, or none (false). Its destructor gives it back to its pool, which outlives it.
class block {
  public:
    static constexpr std::size_t capacity = 1024 * 1024;

    block() = default;
    block(block &&other) noexcept;
    block &operator=(block &&other) noexcept;
    ~block();

    explicit operator bool() const noexcept { return bytes_ != nullptr; }
    [[nodiscard]] bool full() const noexcept { return size_ == capacity; }
    [[nodiscard]] std::string_view content() const noexcept { return {bytes_.get(), size_}; }
    void clear() noexcept { size_ = 0; }

    /// The part that is not filled yet.
    [[nodiscard]] std::span<char> room() const noexcept { return {bytes_.get() + size_, capacity - size_}; }
    /// Copies as many bytes as there is room for, unless they are in room() already, and removes them from `bytes`.
    void take(std::string_view &bytes) noexcept;

  private:
    friend class block_pool;

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    block_pool *pool_ = nullptr;
};

/// A limited number of blocks; a few are kept when they are free. Thread-safe.
class block_pool {
  public:
    /// `bytes` of all blocks together; with less than one block there are none.
    explicit block_pool(std::size_t bytes);

    /// An empty block; none when all are in use or there is no memory.
    [[nodiscard]] block take() noexcept;

  private:
    friend class block;

    void give_back(std::unique_ptr<char[]> bytes) noexcept;

    std::mutex mutex_;
    std::size_t left_; // blocks that may still be taken
    std::vector<std::unique_ptr<char[]>> kept_;
};

} // namespace phial
