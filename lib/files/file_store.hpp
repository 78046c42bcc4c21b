// Files written asynchronously and durably: the old content or the new, never a mixture.
#pragma once

#include "runtime/task.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace phial {

class worker_pool;

/// A file being written. Nothing is at its name until commit() has returned; then the bytes are on the disk. Destroyed
/// without commit(), it leaves nothing behind. All its file system calls run on the worker pool.
class file_writer {
  public:
    file_writer(file_writer &&) noexcept;
    file_writer &operator=(file_writer &&) = delete;
    ~file_writer();

    /// Appends bytes, which are copied. Throws std::system_error when the disk does not take them.
    task<> write(std::string_view bytes);

    /// Flushes, and puts the file in the place of what had its name. Throws std::system_error; then the old file is
    /// still there. Not to be written to afterwards.
    task<> commit();

  private:
    friend class file_store;
    class temporary;

    file_writer(worker_pool &pool, std::shared_ptr<temporary> file);
    task<> flush();

    worker_pool *pool_;
    std::shared_ptr<temporary> file_;
    std::string block_;
};

/// A folder in which files are created.
class file_store {
  public:
    /// `pool` outlives the store and its writers.
    file_store(worker_pool &pool, std::filesystem::path folder) : pool_(pool), folder_(std::move(folder)) {}

    /// Begins a file that will be called `name`: chosen by the service, never by a client, without slashes. Throws
    /// std::system_error.
    [[nodiscard]] task<file_writer> create(std::string name);

  private:
    worker_pool &pool_;
    std::filesystem::path folder_;
};

} // namespace phial
