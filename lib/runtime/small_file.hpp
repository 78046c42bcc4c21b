// Reads a whole file that an operator has named.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <sys/stat.h>

namespace phial {

struct small_file {
    std::string text;
    struct stat state; // when it was opened
};

/// Why a file cannot be used, as a sentence without its name: "it is a folder. Name the file in it".
class file_error : public std::runtime_error {
  public:
    explicit file_error(std::string const &reason, bool is_missing = false)
        : std::runtime_error(reason),
          is_missing_(is_missing) {}
    /// There is no such file.
    [[nodiscard]] bool is_missing() const noexcept { return is_missing_; }

  private:
    bool is_missing_;
};

/// Reads a regular file; follows symbolic links. It blocks, but never on a pipe. Throws file_error when the file is of
/// another kind, cannot be read or has more than `most` bytes (whole MiB).
[[nodiscard]] small_file read_small_file(std::string const &path, std::size_t most);

} // namespace phial
