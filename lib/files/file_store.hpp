// Files written asynchronously and durably: the old content or the new, never a mixture.
#pragma once

#include "phial/files/block_pool.hpp"
#include "phial/files/upload_account.hpp"
#include "phial/runtime/background_work.hpp"
#include "phial/runtime/task.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

class file_store;
class worker_pool;

/// What a file that was committed survives.
enum class durability {
    none, // the end of the process
    full  // a power cut
};

struct file_options {
    durability survives = durability::full;
    /// Of all files being written, on its way to the disk. When it is used up nobody is refused, but each waits for the
    /// disk before it reads on.
    std::size_t memory = std::size_t{64} << 20U;
    /// Files being written at once; above: http_error(503).
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    /// Bytes of all files being written; above: http_error(507).
    std::uint64_t space = std::numeric_limits<std::uint64_t>::max();
};

/// A file being written. Nothing is at its name until commit() has returned. Destroyed without commit(), it leaves
/// nothing behind. Belongs to one coroutine; all its file system calls run on the worker pool.
///
/// When the coroutine is cancelled, whatever it waits for here ends at once (boost::system::system_error,
/// operation_aborted), even while the disk stands still. What the pool is at then ends by itself, what it has not yet
/// begun is passed over, and the file is removed; until that is done it counts as one that is under way, or a disk that
/// stands still would gather files without bound.
class file_writer {
  public:
    file_writer(file_writer &&) noexcept;
    file_writer &operator=(file_writer &&) = delete;
    ~file_writer();

    /// Where the next bytes that are given to write() may be put beforehand, so that it need not copy them. Empty when
    /// the memory is used up. Until the next call of write() or commit().
    [[nodiscard]] std::span<char> room() noexcept;

    /// Appends bytes, which are copied unless they are in room(), from its beginning. Returns while they are on their
    /// way to the disk, when it is not slower than its caller. Throws std::system_error when the disk does not take
    /// them or those before, http_error(507) when they pass file_options::space. After a throw nothing else may be
    /// written.
    [[nodiscard]] task<> write(std::string_view bytes);

    /// Writes what is left, flushes it when it is to survive a power cut, and puts the file in the place of what had
    /// its name. Throws as write() does; then the old file is still there (or, when only the folder's flush failed, may
    /// be after a power cut). Cancelled before the new file begins to take that place, it leaves the old one. Not to be
    /// written to afterwards.
    [[nodiscard]] task<> commit();

    /// Bytes given to write().
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  private:
    friend class file_store;
    struct open_file;

    file_writer(file_store &store, executor const &loop, std::shared_ptr<open_file> file);
    [[nodiscard]] task<> create(std::optional<std::uint64_t> length);
    [[nodiscard]] task<> write_block();
    void hand_over_block();
    template <class F>
    void begin(F step);

    file_store *store_;
    std::shared_ptr<open_file> file_;
    background_work writing_; // a step: to create, write or commit
    block block_;             // being filled meanwhile
    std::uint64_t size_ = 0;
    bool committed_ = false;
};

/// A folder in which files are created. Used from all loops at once.
class file_store {
  public:
    /// `pool` outlives the store, and the store its writers.
    file_store(worker_pool &pool, std::filesystem::path folder, file_options options = {})
        : pool_(pool),
          folder_(std::move(folder)),
          survives_(options.survives),
          blocks_(options.memory),
          account_(options.most, options.space) {}
    /// Returns when the pool has removed what its writers have abandoned.
    ~file_store();
    file_store(file_store const &) = delete;
    file_store &operator=(file_store const &) = delete;

    /// Begins a file that will be called `name`: chosen by the service, never by a client, without slashes. `length`:
    /// how many bytes are announced, if that is known. Throws http_error when a bound is passed (see upload_share: 503,
    /// 507), before anything is asked of the disk, and std::system_error, also when the disk has no room for `length`.
    [[nodiscard]] task<file_writer> create(std::string name, std::optional<std::uint64_t> length = std::nullopt);

    /// From any thread.
    [[nodiscard]] upload_counts counts() const noexcept { return account_.counts(); }

  private:
    friend class file_writer;

    worker_pool &pool_;
    std::filesystem::path folder_;
    durability survives_;
    block_pool blocks_;
    upload_account account_;
};

} // namespace phial
