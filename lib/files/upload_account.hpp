// Limits on the uploads under way and on their bytes, and the results of uploads.
#pragma once

#include "phial/runtime/quota.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace phial {

/// The results of uploads since the start, and the uploads under way.
struct upload_counts {
    std::uint64_t written = 0;
    std::uint64_t abandoned = 0; // the client went away, or the request was cancelled
    std::uint64_t failed = 0;    // the disk failed, or there was no more room
    std::uint64_t refused = 0;   // never begun: too many were under way, or there was no room
    std::uint64_t bytes = 0;     // of the written uploads
    std::uint64_t under_way = 0;
    std::uint64_t bytes_under_way = 0; // announced, or received so far
};

/// Two limits, shared by all uploads of a folder. Thread-safe; outlives its shares.
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

/// What one upload takes of the account, from its beginning until its file is closed: the destructor gives it back and
/// counts the upload's result. For one thread at a time.
class upload_share {
  public:
    enum class result { abandoned, failed, written };

    /// Takes a place, and room for the bytes that the client has announced. Throws http_error: 503 with Retry-After
    /// when too many uploads are under way, 507 when they leave no room.
    upload_share(upload_account &account, std::uint64_t announced);
    ~upload_share();
    upload_share(upload_share const &) = delete;
    upload_share &operator=(upload_share const &) = delete;

    /// Counts n bytes that are about to be written. Throws http_error(507) when they exceed the announced bytes and
    /// there is no room for more; then the upload has failed.
    void add(std::uint64_t n);

    /// Sets the result; without a call it is `abandoned`.
    void set_result(result value) noexcept { result_ = value; }

  private:
    upload_account &account_;
    std::uint64_t held_;     // bytes taken of the space
    std::uint64_t size_ = 0; // bytes added
    result result_ = result::abandoned;
};

} // namespace phial
