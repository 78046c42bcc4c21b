// A place to which the log's lines are written: a file, the console.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace phial {

class line_writer {
  public:
    virtual ~line_writer() = default;
    /// Writes whole lines: all of them, or none as far as a reader of lines can see. From one thread at a time.
    [[nodiscard]] virtual std::error_code write(std::string_view lines) noexcept = 0;
    /// Its name in messages.
    [[nodiscard]] virtual std::string const &name() const noexcept = 0;
};

} // namespace phial
