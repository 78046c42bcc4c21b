// Counts the memory that requests hold: for each request, within a quota for all requests together.
#pragma once

#include "phial/runtime/quota.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace phial {

class memory_share;
class worker_pool;

/// What one request holds of the quota: its body, what is decoded from it, and the response made from that. Memory is
/// counted before it is allocated, and given back when it is freed. Thread-safe.
class memory_account {
  public:
    /// `limit` null: no limit. `pool` frees large blocks (see free_block); null: the caller does. Both outlive the
    /// account.
    explicit memory_account(quota *limit = nullptr, worker_pool *pool = nullptr) noexcept
        : quota_(limit),
          pool_(pool) {}
    memory_account(memory_account const &) = delete;
    memory_account &operator=(memory_account const &) = delete;

    /// Takes n more bytes. Throws http_error(413) when this request would then hold more than the whole quota: it
    /// cannot succeed, however often it is sent. Throws http_error(503) with Retry-After when other requests hold too
    /// much now.
    void take(std::uint64_t n);
    void give_back(std::uint64_t n) noexcept;

    /// Throws the same errors, but takes nothing: bytes that a client announces are not yet memory.
    void require(std::uint64_t n) const;

    [[nodiscard]] std::uint64_t held() const noexcept { return held_.load(std::memory_order_relaxed); }

    /// A block of this size takes the kernel milliseconds to take back: it is freed on the pool.
    static constexpr std::size_t long_free = 4U << 20U;
    /// Frees a block of malloc that `share` counts, on the pool, and gives the share back then.
    void free_block(void *block, memory_share share) noexcept;

  private:
    void refuse_too_large(std::uint64_t n) const;

    quota *quota_;
    worker_pool *pool_;
    std::atomic<std::uint64_t> held_ = 0;
};

/// Bytes taken from an account, given back when this is destroyed. Movable. Without an account nothing is counted.
class memory_share {
  public:
    memory_share() noexcept = default;
    explicit memory_share(std::shared_ptr<memory_account> account) noexcept : account_(std::move(account)) {}
    memory_share(memory_share &&other) noexcept : account_(std::move(other.account_)), bytes_(other.bytes_) {
        other.bytes_ = 0;
    }
    memory_share &operator=(memory_share &&other) noexcept {
        std::swap(account_, other.account_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~memory_share() { resize_down(0); }

    /// Takes n more bytes. If memory_account::take throws, nothing changes.
    void grow(std::uint64_t n) {
        if (account_ == nullptr) return;
        account_->take(n);
        bytes_ += n;
    }
    /// Gives back what is above `bytes`.
    void resize_down(std::uint64_t bytes) noexcept {
        if (account_ == nullptr || bytes >= bytes_) return;
        account_->give_back(bytes_ - bytes);
        bytes_ = bytes;
    }

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::shared_ptr<memory_account> const &account() const noexcept { return account_; }

  private:
    std::shared_ptr<memory_account> account_;
    std::uint64_t bytes_ = 0;
};

} // namespace phial
