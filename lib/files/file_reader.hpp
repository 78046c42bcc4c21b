// Reads sections of a file, with texts between them.
#pragma once

#include "phial/runtime/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace phial {

/// A text, and the bytes of a file after it.
struct file_section {
    std::string before;
    std::uint64_t first = 0;
    std::uint64_t size = 0;
};

class file_reader {
  public:
    file_reader(descriptor file, std::vector<file_section> sections);

    /// Bytes that are still to be read.
    [[nodiscard]] std::uint64_t left() const noexcept { return left_; }

    /// Fills `room` with the next bytes; returns their number, which is less than its size only at the end. Then the
    /// file is closed. Throws std::system_error when the file cannot be read, and std::runtime_error when it has become
    /// shorter.
    std::size_t read(std::span<char> room);

    /// The same for a loop: reads what is in the memory of the kernel, and does not wait for a disk (RWF_NOWAIT). It
    /// may fill less of `room`; 0: the rest is for the pool.
    std::size_t read_cached(std::span<char> room);

  private:
    std::size_t read(std::span<char> room, int flags);
    std::size_t read_file(std::span<char> room, std::uint64_t from, int flags) const;

    descriptor file_;
    std::vector<file_section> sections_;
    std::size_t section_ = 0; // the one being read
    std::uint64_t done_ = 0;  // bytes of it that were read, text included
    std::uint64_t left_ = 0;
};

} // namespace phial
