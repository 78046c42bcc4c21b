// One file descriptor, closed with its owner.
#pragma once

namespace phial {

class descriptor {
  public:
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor &&other) noexcept;
    descriptor &operator=(descriptor &&other) noexcept;
    ~descriptor();
    /// -1: none.
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

} // namespace phial
