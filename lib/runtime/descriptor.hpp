// A file descriptor that is closed by its destructor.
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
