#include "phial/logging/loss_reporter.hpp"

#include "phial/text/concat.hpp"

#include <exception>
#include <utility>

namespace phial {

loss_reporter::loss_reporter(line_writer &writer, log_format format, std::function<wall_time()> now,
                             std::function<bool(std::string_view)> report_failure)
    : writer_(writer),
      format_(format),
      now_(std::move(now)),
      report_failure_(std::move(report_failure)) {}

loss_reporter::~loss_reporter() {
    auto const missing = lost_ - lost_reported_ + dropped_ - dropped_reported_;
    if (missing == 0) return;
    try {
        report_failure_(
            concat(missing, missing == 1 ? " record is" : " records are", " missing at the end of ", writer_.name()));
    } catch (std::exception const &) {
        report_on_stderr("records are missing at the end of the log");
    }
}

void loss_reporter::write(std::string_view lines, std::size_t records, std::uint64_t dropped, bool last) noexcept {
    std::error_code failure;
    try {
        failure = write_with_reports(lines, dropped, last);
    } catch (std::exception const &) {
        failure = std::make_error_code(std::errc::not_enough_memory);
    }
    if (failure) {
        lost_ += records;
        if (!failure_reported_) report_failure(failure);
    } else {
        failure_reported_ = false;
    }
}

std::error_code loss_reporter::write_with_reports(std::string_view lines, std::uint64_t dropped, bool last) {
    auto const lost = lost_.load();
    bool const reports_lost = lost != lost_reported_;
    bool const reports_dropped = must_report_dropped(dropped, last);
    if (!reports_lost && !reports_dropped) return writer_.write(lines);
    std::string text;
    auto const report = [&](std::string_view what, std::uint64_t count, std::string_view outcome) {
        append_record(text, format_, now_(), severity::warning,
                      concat(what, count, count == 1 ? " record was " : " records were ", outcome), {});
    };
    if (reports_lost) report("the log could not be written: ", lost - lost_reported_, "lost");
    text += lines;
    if (reports_dropped) report("the log could not keep up: ", dropped - dropped_reported_, "dropped");
    if (auto const failure = writer_.write(text)) return failure;
    lost_reported_ = lost;
    if (reports_dropped) dropped_reported_ = dropped;
    return {};
}

bool loss_reporter::must_report_dropped(std::uint64_t dropped, bool last) {
    if (dropped == dropped_reported_) return false;
    if (dropped_ == dropped_reported_) dropping_since_ = now_();
    dropped_ = dropped;
    return last || now_() - dropping_since_ >= std::chrono::seconds(1);
}

void loss_reporter::report_failure(std::error_code error) noexcept {
    try {
        failure_reported_ =
            report_failure_(concat(writer_.name(), " cannot be written: ", error.message(),
                                   ". The service continues; records are lost until it can be written again"));
    } catch (std::exception const &) {
        failure_reported_ = report_on_stderr("the log cannot be written, and there is no memory to say why");
    }
}

} // namespace phial
