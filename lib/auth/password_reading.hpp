// A file of passwords, read: what it held, and which file that was.
#pragma once

#include "phial/auth/password_table.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace phial {

/// Which file a path led to, symbolic links followed, and in which state: another file, or one that was written to,
/// has another one. (The time of the last change and not only that of the last write: it tells of new permissions too.)
struct file_stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t written = 0; // nanoseconds
    std::int64_t changed = 0; // nanoseconds

    friend bool operator==(file_stamp const &, file_stamp const &) = default;
};

/// Nothing when there is no such file, or it cannot be asked for.
[[nodiscard]] std::optional<file_stamp> stamp_of(std::string const &path) noexcept;

struct password_reading {
    /// The bytes of such a file that are read.
    static constexpr std::size_t most_bytes = 1 << 20;

    file_stamp stamp;
    std::shared_ptr<password_table const> table;
};

/// Reads the whole file; it blocks. Throws password_error: also when there is no such file, it is none (a folder, a
/// device), cannot be read or is too large.
[[nodiscard]] password_reading read_passwords(std::string const &path);

} // namespace phial
