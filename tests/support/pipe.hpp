// A pipe with both its ends, for what writes to stdout.
#pragma once

#include "phial/runtime/descriptor.hpp"

#include <array>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace phial::testing {

class pipe_ends {
  public:
    /// `bytes`: what it holds; 0: as much as pipes do.
    explicit pipe_ends(int bytes = 0) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
        reading_ = descriptor(ends[0]);
        writing_ = descriptor(ends[1]);
        if (bytes != 0 && ::fcntl(ends[1], F_SETPIPE_SZ, bytes) < 0) throw std::runtime_error("no such pipe");
    }

    [[nodiscard]] int writing() const noexcept { return writing_.get(); }
    void close_writing() { writing_ = descriptor(-1); }
    void close_reading() { reading_ = descriptor(-1); }

    /// Until the writing end is closed.
    [[nodiscard]] std::string read_all() {
        std::string out;
        std::array<char, 4096> buffer;
        for (ssize_t n = 0; (n = ::read(reading_.get(), buffer.data(), buffer.size())) > 0;)
            out.append(buffer.data(), static_cast<std::size_t>(n));
        return out;
    }

    /// What is in it now.
    [[nodiscard]] std::string read_available() {
        std::string out;
        std::array<char, 4096> buffer;
        for (pollfd poll_target{reading_.get(), POLLIN, 0};
             ::poll(&poll_target, 1, 0) == 1 && (poll_target.revents & POLLIN) != 0;)
            out.append(buffer.data(), static_cast<std::size_t>(::read(poll_target.fd, buffer.data(), buffer.size())));
        return out;
    }

    void wait_until_full() const {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        for (pollfd poll_target{writing(), POLLOUT, 0}; ::poll(&poll_target, 1, 0) != 0;) {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the pipe does not get full");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

  private:
    descriptor reading_{-1};
    descriptor writing_{-1};
};

} // namespace phial::testing
