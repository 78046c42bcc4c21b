// How many uploads are under way, how many bytes they hold together, and what became of them.
#pragma once

#include "phial/runtime/quota.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace phial {

/// What became of uploads since the start, and what those under way hold.
struct upload_counts {
    std::uint64_t written = 0;
    std::uint64_t abandoned = 0; // the client broke off, or the request was cancelled
    std::uint64_t failed = 0;    // the disk did not take it, or there was no more room
    std::uint64_t refused = 0;   // never begun: too many were under way, or there was no room
    std::uint64_t bytes = 0;     // of those written
    std::uint64_t under_way = 0;
    std::uint64_t bytes_under_way = 0; // announced, or come so far
};

/// Two bounds, shared by all uploads of a folder. Thread-safe; outlives its shares.
class upload_account {
  public:
    /// At most `most` uploads under way at once, with at most `space` bytes together.
    upload_account(std::uint64_t most, std::uint64_t space) noexcept : places_(most), space_(space) {}

    /// From any thread.
    [[nodiscard]] upload_counts counts() const noexcept;

  private:
    friend class upload_share;

    quota places_;
    quota space_;
    std::atomic<std::uint64_t> written_ = 0;
    std::atomic<std::uint64_t> abandoned_ = 0;
    std::atomic<std::uint64_t> failed_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
    std::atomic<std::uint64_t> bytes_ = 0;
};

/// What one upload holds of the account, from its beginning until the disk has let go of it: the destructor gives it
/// back and counts what became of the upload. For one thread at a time.
class upload_share {
  public:
    enum class result { abandoned, failed, written };

    /// Takes a place, and room for the bytes that the client has announced. Throws http_error: 503 with Retry-After
    /// when as many uploads as may be are under way, 507 when those leave no such room.
    upload_share(upload_account &of, std::uint64_t announced);
    ~upload_share();
    upload_share(upload_share const &) = delete;
    upload_share &operator=(upload_share const &) = delete;

    /// Counts n bytes that are about to be written. Throws http_error(507) when they are more than was announced and
    /// there is no room for that; the upload has failed then.
    void add(std::uint64_t n);

    /// Abandoned, unless it is called.
    void became(result what) noexcept { result_ = what; }

  private:
    upload_account &of_;
    std::uint64_t held_;     // bytes taken of the space
    std::uint64_t size_ = 0; // bytes added
    result result_ = result::abandoned;
};

} // namespace phial
