// Files of users and password hashes, as htpasswd(1) writes them, read strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Everything that is wrong with such a file, and what to do about it: one line each, "FILE, line N: ...". No line
/// shows a hash or what may be a password.
class htpasswd_error : public std::runtime_error {
  public:
    /// `mistakes` is not empty. `more`: how many others are left out.
    explicit htpasswd_error(std::vector<std::string> mistakes, std::size_t more = 0);
    [[nodiscard]] std::vector<std::string> const &mistakes() const noexcept { return mistakes_; }
    [[nodiscard]] std::size_t more() const noexcept { return more_; }

  private:
    std::vector<std::string> mistakes_;
    std::size_t more_;
};

/// Users and the hashes of their passwords. A value; its const members may be called from all threads at once.
class htpasswd_table {
  public:
    /// The longest name, in bytes; htpasswd allows the same.
    static constexpr std::size_t longest_name = 255;
    /// At most this many mistakes are listed.
    static constexpr std::size_t most_mistakes = 1000;

    /// Reads lines of "name:hash" in UTF-8, with bcrypt hashes (is_bcrypt). Skips empty lines and lines that begin with
    /// #; a line may end with CR LF. `file` is the name of the text in messages. Throws htpasswd_error.
    [[nodiscard]] static htpasswd_table parse(std::string_view text, std::string_view file);

    /// The hash of that user's password; null when there is no such user. Valid as long as the table.
    [[nodiscard]] std::string const *find(std::string_view user) const noexcept;

    /// A hash to check passwords of unknown users against: it takes as long as the hashes of most users, so that the
    /// time does not tell which users exist.
    [[nodiscard]] std::string const &decoy() const noexcept { return decoy_; }

    [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

    /// Whether the same users have the same hashes.
    friend bool operator==(htpasswd_table const &, htpasswd_table const &) = default;

  private:
    htpasswd_table() = default;

    std::map<std::string, std::string, std::less<>> hashes_;
    std::string decoy_;
};

/// The identity and state of the file at a path, symbolic links followed. It changes when another file takes the path,
/// and when the file or its metadata is written. (`changed` shows new permissions, which `written` does not.)
struct file_stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t written = 0; // nanoseconds
    std::int64_t changed = 0; // nanoseconds

    friend bool operator==(file_stamp const &, file_stamp const &) = default;
};

/// Nothing when there is no such file, or stat(2) fails.
[[nodiscard]] std::optional<file_stamp> stamp_of(std::string const &path) noexcept;

/// A file that was read.
struct htpasswd_file {
    /// The largest file that is read.
    static constexpr std::size_t most_bytes = 1 << 20;

    file_stamp stamp;
    std::shared_ptr<htpasswd_table const> table;
};

/// Reads the whole file; it blocks. Throws htpasswd_error, also when the file is missing, too large, unreadable or not
/// a regular file.
[[nodiscard]] htpasswd_file read_htpasswd(std::string const &path);

} // namespace phial
