// No system call is retried here: the next write tries again.
#include "phial/logging/rotating_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace phial {
namespace {

std::error_code last_error() noexcept { return {errno, std::generic_category()}; }

// The number in the name of a renamed file, if it is one.
std::optional<std::uint64_t> number_of(std::string_view name, std::string_view stem) noexcept {
    constexpr std::string_view form = "-ddddddddTdddddd-"; // d: a digit
    if (!name.starts_with(stem)) return std::nullopt;
    name.remove_prefix(stem.size());
    constexpr std::string_view end = ".log";
    if (name.size() <= form.size() + end.size() || !name.ends_with(end)) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == 'd' ? name[i] < '0' || name[i] > '9' : name[i] != form[i]) return std::nullopt;
    name = name.substr(form.size(), name.size() - form.size() - end.size());
    std::uint64_t number = 0;
    auto const [rest, ec] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (ec != std::errc() || rest != name.data() + name.size()) return std::nullopt;
    return number;
}

struct renamed {
    std::uint64_t number;
    std::filesystem::path path;
};

// Sorted, the oldest first. The numbers give the order, even when the clock was set back. After the largest number
// comes 0, since a file with the largest number may exist: the numbers form a circle, and the oldest file is the one
// after the widest gap.
std::vector<renamed> renamed_files(std::filesystem::path const &folder, std::string_view stem,
                                   std::error_code &failure) {
    std::vector<renamed> out;
    for (std::filesystem::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure))
        if (auto const number = number_of(entry->path().filename().native(), stem))
            out.push_back({*number, entry->path()});
    std::sort(out.begin(), out.end(), [](renamed const &a, renamed const &b) {
        return std::tie(a.number, a.path) < std::tie(b.number, b.path);
    });
    std::size_t oldest = 0;
    std::uint64_t widest = out.empty() ? 0 : out.front().number - out.back().number; // modulo 2^64
    for (std::size_t i = 1; i < out.size(); ++i) {
        auto const gap = out[i].number - out[i - 1].number;
        if (gap > widest) std::tie(widest, oldest) = std::pair(gap, i);
    }
    std::rotate(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(oldest), out.end());
    return out;
}

std::string name_for(std::string_view stem, wall_time time, std::uint64_t number) {
    using namespace std::chrono;
    auto const day = floor<days>(time);
    year_month_day const date(day);
    hh_mm_ss const clock(floor<seconds>(time - day));
    std::array<char, 64> name{};
    std::snprintf(name.data(), name.size(), "-%04d%02u%02uT%02d%02d%02d-%05llu.log", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<unsigned long long>(number));
    return std::string(stem) + name.data();
}

} // namespace

rotating_file::rotating_file(std::filesystem::path folder, std::string name, rotation limits, opening first,
                             std::function<wall_time()> now)
    : folder_(std::move(folder)),
      stem_(std::move(name)),
      path_((folder_ / (stem_ + ".log")).string()),
      limits_(limits),
      now_(std::move(now)) {
    if (first == opening::with_first_line) return;
    if (auto const failure = open()) throw std::system_error(failure, path_);
    remove_surplus();
}

std::error_code rotating_file::write(std::string_view lines) noexcept {
    try {
        if (file_.get() < 0) {
            if (auto const failure = open()) return failure;
            remove_surplus();
        }
        auto const now = now_();
        if (is_due(lines.size(), now))
            if (auto const failure = rotate(now)) return failure;
        if (size_ == 0) period_ = period_of(now);
        return append(lines);
    } catch (std::exception const &) { // no memory for names
        return std::make_error_code(std::errc::not_enough_memory);
    }
}

std::error_code rotating_file::reopen() noexcept { return file_.get() < 0 ? std::error_code() : open(); }

std::error_code rotating_file::open() noexcept {
    // O_NONBLOCK: a FIFO without a reader is an error instead of a wait.
    descriptor file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666));
    struct stat found{};
    if (file.get() < 0 || ::fstat(file.get(), &found) != 0) return last_error();
    file_ = std::move(file);
    size_ = S_ISREG(found.st_mode) ? static_cast<std::uint64_t>(found.st_size) : 0;
    using clock = std::chrono::system_clock;
    // The file's time may be in the future, if it was written while the clock was wrong.
    period_ = period_of(clock::from_time_t(std::min(found.st_mtime, clock::to_time_t(now_()))));
    torn_ = false;
    return {};
}

bool rotating_file::is_due(std::size_t more, wall_time now) noexcept {
    if (size_ == 0) return false;
    auto const period = period_of(now);
    if (period > period_) return true;
    period_ = period; // after the clock was set back, the new time counts
    if (size_ + more <= limits_.bytes) return false;
    // The file may have been copied and emptied (logrotate's copytruncate).
    struct stat found{};
    if (::fstat(file_.get(), &found) == 0) size_ = static_cast<std::uint64_t>(found.st_size);
    return size_ != 0 && size_ + more > limits_.bytes;
}

std::error_code rotating_file::rotate(wall_time now) {
    std::error_code failure;
    auto const existing = renamed_files(folder_, stem_, failure);
    if (failure) return failure;
    auto const name = name_for(stem_, now, existing.empty() ? 0 : existing.back().number + 1);
    // ENOENT: it was moved, so there is nothing to rename.
    if (::rename(path_.c_str(), (folder_ / name).c_str()) != 0 && errno != ENOENT) return last_error();
    failure = open();
    if (!failure) remove_surplus();
    return failure;
}

// A file that cannot be removed stays until the next rotation.
void rotating_file::remove_surplus() {
    std::error_code failure;
    auto const all = renamed_files(folder_, stem_, failure);
    for (std::size_t i = 0; i + limits_.kept < all.size(); ++i) ::unlink(all[i].path.c_str());
}

std::error_code rotating_file::append(std::string_view lines) noexcept {
    if (torn_) {
        if (::write(file_.get(), "\n", 1) != 1) return last_error();
        torn_ = false;
        ++size_;
    }
    std::size_t written = 0;
    while (written < lines.size()) {
        auto const n = ::write(file_.get(), lines.data() + written, lines.size() - written);
        if (n > 0) {
            written += static_cast<std::size_t>(n);
        } else if (n == 0 || errno != EINTR) {
            auto const failure = last_error();
            take_back(written);
            return failure;
        }
    }
    size_ += written;
    return {};
}

// Only if no other process has appended since.
void rotating_file::take_back(std::size_t written) noexcept {
    if (written == 0) return;
    struct stat found{};
    bool const taken = ::fstat(file_.get(), &found) == 0 && S_ISREG(found.st_mode) &&
                       static_cast<std::uint64_t>(found.st_size) == size_ + written &&
                       ::ftruncate(file_.get(), static_cast<off_t>(size_)) == 0;
    if (taken) return;
    size_ += written;
    torn_ = true;
}

std::int64_t rotating_file::period_of(wall_time time) const noexcept {
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
    return limits_.interval == 0 ? 0 : seconds / static_cast<std::int64_t>(limits_.interval);
}

} // namespace phial
