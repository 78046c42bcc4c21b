// Server-sent events (HTML standard 9.2): a response that goes on, with an event whenever there is one.
#pragma once

#include "phial/http/generator.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

/// One event, as EventSource in a browser gets it.
///
///     co_yield event("10.5").with_type("price").with_id("7");
struct event {
    /// Lines are kept. Without a text and a type there is no event, but the id and the time count.
    event(std::string text = {}) noexcept : data(std::move(text)) {}
    event(char const *text) : data(text) {}

    /// Without a type it is a "message".
    event &&with_type(std::string name) && {
        type = std::move(name);
        return std::move(*this);
    }
    /// What the client sends as Last-Event-ID when it connects again: rq.header("Last-Event-ID").
    event &&with_id(std::string text) && {
        id = std::move(text);
        return std::move(*this);
    }
    /// How long the client waits before it connects again.
    event &&with_retry(std::chrono::milliseconds time) && {
        retry = time;
        return std::move(*this);
    }

    std::string data;
    std::string type;
    std::string id;
    std::optional<std::chrono::milliseconds> retry;
};

/// How events become bytes.
struct event_format {
    using piece = event;
    static constexpr literal content_type = "text/event-stream";
    // A proxy that stores or collects the stream would keep the events back.
    static constexpr std::array<literal_field, 2> fields{"Cache-Control: no-store", "X-Accel-Buffering: no"};
    static constexpr std::string_view heartbeat = ":\n\n";
    /// Throws std::invalid_argument when the type or the id holds a line end, or the id a NUL.
    static void append(std::string &out, event const &one);
};

/// A generator of events. It is endless: a handler may go on until it is cancelled, because the client has gone or the
/// service stops; the browser then connects again, to another instance. The head is sent at once, and a comment when
/// there was no event for 15 seconds. What wakes it from another thread is a broadcast:
///
///     events prices(broadcast<double> const &market, request &) {
///         auto mine = market.subscribe();
///         while (auto const price = co_await mine.next()) co_yield event(to_json(*price));
///     }
using events = generator<event_format>;

} // namespace phial
