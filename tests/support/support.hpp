// What unit tests share beside phial::testing: waiting for a condition, folders that clean up.
#pragma once

#include "phial/testing/fake_request.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/run.hpp"
#include "phial/testing/test_client.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial::testing {

/// Returns when `condition` is true; throws when that takes too long.
void eventually(std::function<bool()> const &condition);

/// A folder that is removed with everything in it.
class temporary_folder {
  public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(temporary_folder const &) = delete;
    temporary_folder &operator=(temporary_folder const &) = delete;
    [[nodiscard]] std::filesystem::path const &path() const noexcept { return path_; }
    [[nodiscard]] std::vector<std::string> names() const; // sorted

  private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string read_file(std::filesystem::path const &path);

} // namespace phial::testing
