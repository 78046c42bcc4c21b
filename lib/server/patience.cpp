#include "phial/server/patience.hpp"

namespace phial {

patience::due patience::tick(unsigned now, unsigned most_handler_seconds, facts known) noexcept {
    switch (wait_) {
    case wait::none:
    case wait::cancelled_handler:
    case wait::cancelled_stream: return due::nothing;
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
        return is_gone(known.state) ? cancel(due::end_for_no_client) : due::write;
    case wait::piece: return is_gone(known.state) ? cancel(due::end_for_no_client) : due::write;
    case wait::event:
        if (is_gone(known.state)) return cancel(due::end_for_no_client);
        if (++handler_seconds_ < beat_seconds) return due::nothing;
        handler_seconds_ = 0;
        return due::beat;
    }
    return due::nothing;
}

bool patience::is_gone(client state) noexcept {
    if (state == client::present) ticks_gone_ = 0;
    return state == client::gone || (state == client::half_closed && ++ticks_gone_ >= ticks_until_gone);
}

patience::due patience::drain(unsigned now) noexcept {
    if (wait_ == wait::event) return cancel(due::end_stream);
    if (!is_idle()) return due::nothing;
    if (wait_ == wait::first_request) {
        deadline_ = now + grace_seconds;
        return due::nothing;
    }
    wait_ = wait::none; // so that it does not rest
    return due::last_read;
}

patience::due patience::give_up() noexcept {
    switch (wait_) {
    case wait::none:
    case wait::cancelled_handler:
    case wait::cancelled_stream: return due::nothing;
    case wait::handler:
    case wait::piece:
    case wait::event: return cancel(due::end_unfinished);
    default: return run_out();
    }
}

patience::due patience::run_out() noexcept {
    wait_ = wait::none;
    has_run_out_ = true;
    return due::end;
}

patience::due patience::cancel(due why) noexcept {
    wait_ = wait_ == wait::handler ? wait::cancelled_handler : wait::cancelled_stream;
    return why;
}

} // namespace phial
