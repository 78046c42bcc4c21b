// What a connection waits for, how long it may take, and what is due when it takes longer. Private to the server.
#pragma once

#include <cstdint>
#include <utility>

namespace phial {

/// A value that does no input or output and has no clock: the time, in seconds of the loop's clock, and what is known
/// of the client are arguments. It returns what is due, and the connection does it.
class patience {
  public:
    enum class wait : std::uint8_t {
        none,              // something is done that takes no time, or nothing is waited for any more
        first_request,     // of a new connection, which rests: it has no coroutine
        request_at_rest,   // of one that has had requests; also without a coroutine
        request,           // the same in the coroutine, until the next tick
        head,              // a head has begun
        body,              // more of a request's body
        reader,            // the client is to take a response
        handler,           // the app
        cancelled_handler, // the app, after its cancellation
        piece,             // more of a response's stream
        event,             // the same of a stream that is endless
        cancelled_stream,  // a stream, after its cancellation
        silence            // after the last response: the client is to send no more
    };

    /// What is to be done.
    enum class due : std::uint8_t {
        nothing,
        write,             // try: earlier responses need not wait for the handler, nor a head for the first piece
        rest,              // end the coroutine, and wait without one
        last_read,         // end the wait; a request that has just come is still served
        end,               // end the wait: has_run_out() is true
        end_slow_handler,  // cancel it
        end_for_no_client, // cancel the handler: nobody reads its response
        end_unfinished,    // cancel the handler: the server stops
        beat,              // nothing has come from an endless stream for a while: send its heartbeat
        end_stream         // cancel an endless stream: the server stops, and the stream ends properly
    };

    /// What the client's side of the connection looks like while a handler works.
    enum class client : std::uint8_t {
        present,
        half_closed, // sends no more, and no request of it is still to be read; it may read
        gone
    };

    /// What tick() has to know.
    struct facts {
        bool too_slow = false; // with a body or a response
        client state = client::present;
    };

    /// When the server stops, a request may be on its way on a new connection: it is waited for this long.
    static constexpr unsigned grace_seconds = 1;
    /// A client that has closed its side may still read, and many do for a moment: `printf ... | nc`. It counts as gone
    /// when its side was closed at this many ticks in a row.
    static constexpr unsigned ticks_until_gone = 2;
    /// Between two heartbeats of an endless stream: HTML standard 9.2.7.
    static constexpr unsigned beat_seconds = 15;

    [[nodiscard]] wait waits_for() const noexcept { return wait_; }
    /// Whether a request is waited for, and nothing of it has come.
    [[nodiscard]] bool is_idle() const noexcept { return rests() || wait_ == wait::request; }
    /// Whether that needs no coroutine.
    [[nodiscard]] bool rests() const noexcept { return wait_ == wait::first_request || wait_ == wait::request_at_rest; }
    /// Whether the service works at a request. Waiting for a slow client does not count, nor does a stream that waits
    /// for something to send.
    [[nodiscard]] bool works() const noexcept { return wait_ == wait::handler || wait_ == wait::cancelled_handler; }
    /// Whether the time was over, once.
    [[nodiscard]] bool has_run_out() noexcept { return std::exchange(has_run_out_, false); }

    /// Each begins a wait that ends when the time is later than `deadline`. The first wait after a request is at rest
    /// at once, because a client that sends once more soon will do so again.
    void wait_for_request(unsigned deadline) noexcept {
        has_head_ = false;
        begin(is_new_                            ? wait::first_request
              : std::exchange(has_rested_, true) ? wait::request
                                                 : wait::request_at_rest,
              deadline);
    }
    /// Of a head that comes in pieces, the first deadline counts.
    void wait_for_head(unsigned deadline) noexcept {
        begin(wait::head, std::exchange(has_head_, true) ? deadline_ : deadline);
    }
    void wait_for_silence(unsigned deadline) noexcept { begin(wait::silence, deadline); }

    /// A head is complete; the next one has its own time.
    void end_head() noexcept { is_new_ = has_head_ = false; }

    /// Waits for something that has no deadline, or for nothing; returns what was waited for.
    wait change_to(wait next) noexcept { return std::exchange(wait_, next); }
    /// The handler begins.
    void restart_handler() noexcept { handler_seconds_ = ticks_gone_ = 0; }
    /// A stream is to give its next piece.
    void wait_for_piece(bool is_endless) noexcept {
        restart_handler();
        wait_ = is_endless ? wait::event : wait::piece;
    }
    /// It has read from the body: one that continues to read may take longer in total.
    void prolong_handler() noexcept { handler_seconds_ = 0; }

    /// A second has passed.
    [[nodiscard]] due tick(unsigned now, unsigned most_handler_seconds, facts known) noexcept;
    /// The server stops: an idle connection is closed, and an endless stream ends.
    [[nodiscard]] due drain(unsigned now) noexcept;
    /// The client of a stream has gone without a word.
    [[nodiscard]] due lose_client() noexcept { return cancel(due::end_for_no_client); }
    /// The time for draining is over.
    [[nodiscard]] due give_up() noexcept;

  private:
    void begin(wait next, unsigned deadline) noexcept {
        wait_ = next;
        deadline_ = deadline;
    }
    [[nodiscard]] due run_out() noexcept;
    [[nodiscard]] due cancel(due why) noexcept;
    [[nodiscard]] bool is_gone(client state) noexcept;

    unsigned deadline_ = 0;
    unsigned handler_seconds_ = 0; // of the handler, since it last read from the body
    std::uint8_t ticks_gone_ = 0;  // in a row at which the client's side was closed
    wait wait_ = wait::none;
    bool has_run_out_ = false;
    bool is_new_ = true;      // no request has come yet
    bool has_head_ = false;   // a head has begun and is not complete
    bool has_rested_ = false; // since the first request
};

} // namespace phial
