#include "phial/server/patience.hpp"

namespace phial {

patience::due patience::tick(unsigned now, unsigned most_handler_seconds, facts known) noexcept {
    switch (wait_) {
    case wait::none:
    case wait::cancelled_handler: return due::nothing;
    case wait::first_request:
    case wait::request_at_rest:
    case wait::head:
    case wait::silence: return now > deadline_ ? run_out() : due::nothing;
    case wait::request:
        if (now > deadline_) return run_out();
        wait_ = wait::request_at_rest;
        return due::rest;
    case wait::body:
    case wait::reader: return known.too_slow ? run_out() : due::nothing;
    case wait::handler:
        if (++handler_seconds_ > most_handler_seconds) return cancel(due::end_slow_handler);
        if (known.state == client::present)
            ticks_gone_ = 0;
        else if (known.state == client::gone || ++ticks_gone_ >= ticks_until_gone)
            return cancel(due::end_for_no_client);
        return due::write;
    }
    return due::nothing;
}

patience::due patience::drain(unsigned now) noexcept {
    if (!is_idle()) return due::nothing;
    if (wait_ == wait::first_request) {
        deadline_ = now + grace_seconds;
        return due::nothing;
    }
    wait_ = wait::none; // so that it does not rest
    return due::last_read;
}

patience::due patience::give_up() noexcept {
    if (wait_ == wait::none || wait_ == wait::cancelled_handler) return due::nothing;
    return wait_ == wait::handler ? cancel(due::end_unfinished) : run_out();
}

patience::due patience::run_out() noexcept {
    wait_ = wait::none;
    has_run_out_ = true;
    return due::end;
}

patience::due patience::cancel(due why) noexcept {
    wait_ = wait::cancelled_handler;
    return why;
}

} // namespace phial
