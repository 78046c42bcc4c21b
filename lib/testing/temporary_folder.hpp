// A folder for the files of one test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace phial::testing {

/// A new folder, which is removed with everything in it. Throws std::runtime_error when it cannot be made.
class temporary_folder {
  public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(temporary_folder const &) = delete;
    temporary_folder &operator=(temporary_folder const &) = delete;
    [[nodiscard]] std::filesystem::path const &path() const noexcept { return path_; }
    [[nodiscard]] std::vector<std::string> names() const; // of what is in it, sorted

  private:
    std::filesystem::path path_;
};

/// The content of a file. Throws std::runtime_error when it cannot be read.
[[nodiscard]] std::string read_file(std::filesystem::path const &path);

} // namespace phial::testing
