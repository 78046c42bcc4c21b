// Files written asynchronously and durably: the old content or the new, never a mixture.
#pragma once

#include "phial/files/block_pool.hpp"
#include "phial/files/temporary_file.hpp"
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

/// What a committed file survives.
enum class durability {
    none, // the end of the process
    full  // a power cut
};

struct file_options {
    durability survives = durability::full;
    /// Memory for bytes on their way to the disk, of all files together. When it is used up no file is rejected, but
    /// each waits for the disk before it reads on.
    std::size_t memory = std::size_t{64} << 20U;
    /// Files being written at once; above this limit: http_error(503).
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    /// Bytes of all files being written; above this limit: http_error(507).
    std::uint64_t space = std::numeric_limits<std::uint64_t>::max();
    /// Of the names of files while they are written; see remove_abandoned.
    std::string prefix = std::string(temporary_prefix);
};

/// A file being written. Nothing has its name until commit(). If it is destroyed without commit(), the file is removed.
/// Belongs to one coroutine; all its file system calls run on the worker pool.
///
/// When the coroutine is cancelled, its wait ends at once (boost::system::system_error, operation_aborted), even while
/// the disk is stalled. The pool finishes its current step, skips later ones, and removes the file. Until then the file
/// counts as being written; otherwise a stalled disk would collect files without limit.
class file_writer {
  public:
    file_writer(file_writer &&) noexcept;
    file_writer &operator=(file_writer &&) = delete;
    ~file_writer();

    /// Where the caller may put the next bytes for write(), so that they need not be copied. Empty when the memory is
    /// used up. Valid until the next call of write() or commit().
    [[nodiscard]] std::span<char> room() noexcept;

    /// Appends bytes, which are copied unless they are at the beginning of room(). Returns before they are on the disk,
    /// unless the disk is slower than the caller. Throws std::system_error when the disk fails to write these bytes or
    /// earlier ones, http_error(507) when file_options::space is exceeded. After a throw nothing else may be written.
    [[nodiscard]] task<> write(std::string_view bytes);

    /// Writes the remaining bytes, flushes them if the file must survive a power cut, and replaces the file of the same
    /// name. Throws as write() does; then the old file is still there (if only the folder's flush failed, it may be
    /// there again after a power cut). Cancelled before the replacement begins, it leaves the old file. Nothing may be
    /// written afterwards.
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
    background_work writing_; // a step: create, write or commit
    block block_;             // being filled
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
          prefix_(std::move(options.prefix)),
          survives_(options.survives),
          blocks_(options.memory),
          account_(options.most, options.space) {}
    /// Returns when the pool has removed the abandoned files.
    ~file_store();
    file_store(file_store const &) = delete;
    file_store &operator=(file_store const &) = delete;

    /// Begins a file that commit() will name `name`: chosen by the service, never by a client, without slashes.
    /// `length`: the announced number of bytes, if it is known. Throws http_error when a limit is exceeded (see
    /// upload_share: 503, 507), before the disk is used, and std::system_error, also when the disk has no room for
    /// `length`.
    [[nodiscard]] task<file_writer> create(std::string name, std::optional<std::uint64_t> length = std::nullopt);

    /// From any thread.
    [[nodiscard]] upload_counts counts() const noexcept { return account_.counts(); }

  private:
    friend class file_writer;

    worker_pool &pool_;
    std::filesystem::path folder_;
    std::string prefix_;
    durability survives_;
    block_pool blocks_;
    upload_account account_;
};

} // namespace phial
