#include "phial/testing/open_response.hpp"

#include "phial/runtime/task.hpp"
#include "phial/testing/run.hpp"
#include "phial/text/concat.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <stdexcept>
#include <utility>

namespace phial::testing {
namespace {

using clock = std::chrono::steady_clock;

task<response> respond(app const &served, request &rq) {
    auto rs = co_await served.respond(rq);
    served.filter(rq, rs);
    co_return rs;
}

task<std::optional<std::string>> read(body_stream &from) {
    auto const piece = co_await from.next();
    if (!piece) co_return std::nullopt;
    co_return std::string(*piece);
}

// Runs a loop as long as it `goes_on`, until the time is over at most.
void run_until(boost::asio::io_context &loop, clock::time_point end, bool const &goes_on) {
    loop.restart();
    while (goes_on && loop.run_one_until(end) > 0) {
    }
}

} // namespace

open_response::open_response(app const &served, std::string_view method, std::string target,
                             fake_request::headers lines, std::string body, service_context context)
    : rq_(method, std::move(target), std::move(lines), std::move(body), std::move(context)) {
    rs_ = run(loop_, respond(served, rq_));
}

open_response::~open_response() {
    client_goes_.emit(boost::asio::cancellation_type::terminal);
    run_until(loop_, clock::now() + std::chrono::seconds(10), reads_);
    if (!reads_) rs_.reset(); // what the generator has on the loop must not outlive it
}

std::optional<std::string> open_response::next(std::chrono::milliseconds most) {
    if (rs_->stream() == nullptr && !std::exchange(has_ended_, true)) return rs_->body();
    if (has_ended_) return std::nullopt;
    if (!reads_) begin_read();
    run_until(loop_, clock::now() + most, reads_);
    if (reads_) throw std::runtime_error(concat("no piece of the body has come within ", most.count(), " ms"));
    has_ended_ = failure_ || !piece_;
    if (failure_) std::rethrow_exception(failure_);
    return std::move(piece_);
}

void open_response::begin_read() {
    auto done = [this](std::exception_ptr failure, std::optional<std::string> piece) {
        failure_ = std::move(failure);
        piece_ = std::move(piece);
        reads_ = false;
    };
    boost::asio::co_spawn(loop_.get_executor(), read(*rs_->stream()),
                          boost::asio::bind_cancellation_slot(client_goes_.slot(), std::move(done)));
    reads_ = true;
}

} // namespace phial::testing
