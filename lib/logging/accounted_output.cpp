// Keeps the account.
#include "phial/logging/accounted_output.hpp"

#include "phial/logging/console_output.hpp"
#include "phial/text/concat.hpp"

#include <exception>
#include <unistd.h>
#include <utility>

namespace phial {

bool tell_on_stderr(std::string_view line) noexcept {
    console_output to(STDERR_FILENO);
    to.wait_no_longer_than({});
    return !to.write(line);
}

accounted_output::accounted_output(log_output &to, log_format format, std::function<wall_time()> now,
                                   std::function<bool(std::string_view)> tell)
    : to_(to),
      format_(format),
      now_(std::move(now)),
      tell_(std::move(tell)) {}

accounted_output::~accounted_output() {
    auto const missing = lost_ - lost_told_ + dropped_ - dropped_told_;
    if (missing == 0) return;
    try {
        tell_(concat("phial: ", missing, missing == 1 ? " record is" : " records are", " missing at the end of ",
                     to_.name(), "\n"));
    } catch (std::exception const &) {
        tell_on_stderr("phial: records are missing at the end of the log\n");
    }
}

void accounted_output::write(std::string_view lines, std::size_t records, std::uint64_t dropped, bool last) noexcept {
    std::error_code failure;
    try {
        failure = write_with_reports(lines, dropped, last);
    } catch (std::exception const &) {
        failure = std::make_error_code(std::errc::not_enough_memory);
    }
    if (failure) {
        lost_ += records;
        if (!failure_told_) tell_failure(failure);
    } else {
        failure_told_ = false;
    }
}

std::error_code accounted_output::write_with_reports(std::string_view lines, std::uint64_t dropped, bool last) {
    auto const lost = lost_.load();
    bool const tells_lost = lost != lost_told_;
    bool const tells_dropped = must_tell_dropped(dropped, last);
    if (!tells_lost && !tells_dropped) return to_.write(lines);
    std::string text;
    auto const report = [&](std::string_view what, std::uint64_t count, std::string_view became) {
        append_record(text, format_, now_(), severity::warning,
                      concat(what, count, count == 1 ? " record was " : " records were ", became), {});
    };
    if (tells_lost) report("the log could not be written: ", lost - lost_told_, "lost");
    text += lines;
    if (tells_dropped) report("the log could not keep up: ", dropped - dropped_told_, "dropped");
    if (auto const failure = to_.write(text)) return failure;
    lost_told_ = lost;
    if (tells_dropped) dropped_told_ = dropped;
    return {};
}

bool accounted_output::must_tell_dropped(std::uint64_t dropped, bool last) {
    if (dropped == dropped_told_) return false;
    if (dropped_ == dropped_told_) dropping_since_ = now_();
    dropped_ = dropped;
    return last || now_() - dropping_since_ >= std::chrono::seconds(1);
}

void accounted_output::tell_failure(std::error_code why) noexcept {
    try {
        failure_told_ = tell_(concat("phial: ", to_.name(), " cannot be written: ", why.message(),
                                     ". The service goes on; records are lost until it can be written again\n"));
    } catch (std::exception const &) {
        failure_told_ = tell_on_stderr("phial: the log cannot be written, and there is no memory to say why\n");
    }
}

} // namespace phial
