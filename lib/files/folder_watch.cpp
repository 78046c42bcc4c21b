// Uses access(2), and unlink(2) of a file that does not exist.
#include "phial/files/folder_watch.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace phial {
namespace {

// Removing a file that does not exist changes nothing, but it blocks wherever a write would block.
constexpr char absent_name[] = "/.no-such-file-7d1f";

bool is_writable(std::string const &folder, std::string const &nothing) noexcept {
    if (::access(folder.c_str(), W_OK | X_OK) != 0) return false;
    return ::unlink(nothing.c_str()) == 0 || errno == ENOENT;
}

} // namespace

folder_watch::folder_watch(executor const &loop, std::string folder, clock::duration wait)
    : folder_(std::move(folder)),
      nothing_(folder_ + absent_name),
      wait_(wait),
      ended_(loop),
      writable_(is_writable(folder_, nothing_)) {}

folder_watch::~folder_watch() { looks_.wait_until_idle(); }

void folder_watch::begin() {
    if (under_way_) return;
    looks_.submit([this, guard = boost::asio::make_work_guard(ended_.get_executor())]() noexcept {
        auto done = [this, writable = is_writable(folder_, nothing_)] {
            writable_ = writable;
            under_way_ = false;
            ended_.cancel();
        };
        boost::asio::post(guard.get_executor(), std::move(done));
    });
    under_way_ = true;
    began_ = clock::now();
    ended_.expires_at(began_ + wait_);
}

folder_state folder_watch::state() const {
    auto const since = under_way_ ? clock::now() - began_ : clock::duration::zero();
    return {writable_, since >= wait_ ? since : clock::duration::zero()};
}

task<folder_state> folder_watch::look() {
    begin();
    if (under_way_) (void)co_await ended_.async_wait(as_values);
    co_return state();
}

folder_state folder_watch::glance() {
    begin();
    return state();
}

} // namespace phial
