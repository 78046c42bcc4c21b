// One connection: reads requests, has them answered, writes the answers. Private to the server.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/http/response.hpp"
#include "phial/server/pace.hpp"
#include "phial/server/work_space.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace phial {

using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;

class server_loop;

/// Outlives its coroutine, serve() or turn_away(). Its times are seconds of the loop's clock, looked at once a tick.
class connection : public boost::intrusive::list_base_hook<> {
  public:
    connection(tcp_socket socket, boost::asio::ip::address peer, server_loop &owner);
    ~connection();
    connection(connection const &) = delete;
    connection &operator=(connection const &) = delete;

    /// The whole life of a connection.
    [[nodiscard]] task<> serve();
    /// The life of one there is no room for: 503, and close.
    [[nodiscard]] task<> turn_away();

    [[nodiscard]] bool has_place() const noexcept { return has_place_; }
    /// Whether it waits for its next request.
    [[nodiscard]] bool is_idle() const noexcept { return idle_; }

    /// To be bound to that coroutine: a handler is cancelled by it.
    [[nodiscard]] boost::asio::cancellation_slot cancellation() noexcept { return cancel_.slot(); }

    /// A second is over: ends what takes too long.
    void tick() noexcept;
    /// The server stops: an idle connection has nothing to wait for, but a new one's first request may be on its way.
    void close_if_idle() noexcept;
    /// The server waits no longer: a handler is cancelled, everything else ends.
    void give_up() noexcept;

    // For incoming_body: what was read and not used, using some of it, and reading more of it (the bytes before are
    // gone then). read_more writes the answers before first, as the client may wait for them, and 100 (Continue) if
    // asked to. What it reads fills `room` first, and it returns how much is there; up to `most` bytes behind that
    // become unread(). It throws http_error.
    [[nodiscard]] std::string_view unread() const noexcept;
    void use(std::size_t n) noexcept {
        begin_ += n;
        received_ += n;
    }
    [[nodiscard]] task<std::size_t> read_more(bool send_continue, std::span<char> room, std::size_t most);

  private:
    // How much of a body is read, or written, in one turn of the loop.
    static constexpr std::size_t long_turn = 256 * 1024;

    enum class got { bytes, nothing, end };
    // What it waits for, and so which clock runs.
    enum class waits { no, until_deadline, for_handler, for_cancelled_handler, for_body, for_reader };

    waits change_to(waits next) noexcept;
    void until(unsigned seconds_from_now) noexcept;
    void expire() noexcept;
    void interrupt(std::string_view reason, unsigned status = 503);
    [[nodiscard]] bool client_has_gone() noexcept;
    [[nodiscard]] std::size_t turn() const noexcept;
    [[nodiscard]] task<> let_others_run();
    [[nodiscard]] got read(std::size_t most);
    [[nodiscard]] got read(std::span<char> room, std::size_t most, std::size_t &in_room);
    [[nodiscard]] got read_head();

    // connection.cpp: from bytes to requests
    [[nodiscard]] bool prepare_wait();
    [[nodiscard]] bool receive(boost::system::error_code waited);
    void take_space();
    [[nodiscard]] got drop_some(std::uint64_t &left);
    [[nodiscard]] std::uint64_t bytes_to_linger() const noexcept;
    [[nodiscard]] refusal why_overdue() noexcept;
    [[nodiscard]] bool next_request();
    void begin_handler() noexcept;
    [[nodiscard]] bool end_handler() noexcept;
    [[nodiscard]] task<> refuse_unread(refusal why);
    [[nodiscard]] task<> linger();

    // answer.cpp: from responses to bytes
    [[nodiscard]] bool refused() const noexcept { return space_->rq->notes.refused.status != 0; }
    [[nodiscard]] task<response> refuse(refusal why);
    [[nodiscard]] bool finish(response &rs);
    [[nodiscard]] task<> finish_slowly(response &rs);
    void close_behind_the_last();
    void append_head(response const &rs);
    void begin_exchange() noexcept;
    void report(unsigned status) noexcept;
    [[nodiscard]] bool sends_content(response const &rs) const noexcept;
    [[nodiscard]] task<> drop_body();
    [[nodiscard]] task<> stream(body_stream &source, bool chunked);
    [[nodiscard]] bool try_write();
    [[nodiscard]] std::optional<memory_share> hold(response const &rs);
    void begin_writing(std::uint64_t held) noexcept;
    [[nodiscard]] task<> write();
    [[nodiscard]] task<> write_on(std::string_view tail);
    void count_taken() noexcept;
    [[nodiscard]] std::size_t queued() noexcept;

    tcp_socket socket_;
    server_loop &owner_;
    boost::asio::cancellation_signal cancel_;
    client_place client_place_;
    bool const has_place_; // among the connections that are served
    waits waits_ = waits::no;
    unsigned deadline_ = 0;
    unsigned handler_seconds_ = 0; // that the handler has taken, from the last of the body that it read
    unsigned ticks_gone_ = 0;      // in a row, at which the client was seen to have closed its side
    pace body_pace_;
    pace write_pace_;
    std::size_t in_a_row_ = 0; // bytes of the body read since it was last waited for
    std::size_t unshared_ = 0; // bytes of a body read or written since others had their turn
    std::size_t queued_ = 0;   // bytes of answers the client has not taken, when last looked at
    bool expired_ = false;
    bool fresh_ = true; // no request has come yet
    bool idle_ = false;
    bool closing_ = false;    // the answer being written is the last one
    bool linger_ = false;     // and the client may still be sending
    bool has_method_ = false; // the exchange's request: one that is known
    bool dead_ = false;       // nothing can be written any more
    std::string kept_;        // a head that has not come whole, while there is no space
    std::size_t seen_ = 0;    // how much of it was looked at
    std::unique_ptr<work_space> space_;
    boost::asio::ip::address peer_;
    std::chrono::steady_clock::time_point began_; // the exchange; so do the next two
    std::uint64_t received_ = 0;                  // bytes
    std::uint64_t sent_ = 0;                      // but for what waits in the space
    std::size_t begin_ = 0;                       // of what was read and not used, in the space's buffer
    std::size_t end_ = 0;
    std::size_t body_begin_ = 0;
};

} // namespace phial
