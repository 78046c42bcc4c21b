#include "phial/runtime/descriptor.hpp"

#include <unistd.h>
#include <utility>

namespace phial {

descriptor::descriptor(descriptor &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

descriptor &descriptor::operator=(descriptor &&other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

descriptor::~descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

} // namespace phial
