// One connection: reads requests, calls the app, writes the responses. Private to the server.
#pragma once

#include "phial/http/clients.hpp"
#include "phial/http/handler.hpp"
#include "phial/runtime/descriptor.hpp"
#include "phial/server/ending.hpp"
#include "phial/server/patience.hpp"
#include "phial/server/transport.hpp"
#include "phial/server/work_space.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace phial {

class server_loop;

/// It has a coroutine, serve() or turn_away(), while there is something to do, and rests without one while nothing
/// comes: thousands may be idle. It outlives its coroutine. Times are seconds of the loop's clock, checked once a tick.
class connection : public boost::intrusive::list_base_hook<> {
  public:
    /// `socket` is connected and does not block.
    connection(descriptor socket, boost::asio::ip::address peer, server_loop &owner);
    ~connection();
    connection(connection const &) = delete;
    connection &operator=(connection const &) = delete;

    /// Waits for bytes without a coroutine; the loop then serves the connection. A new one begins so.
    static void rest(std::unique_ptr<connection> c);
    /// Serves the connection from the end of a wait for bytes on, until it ends or is to rest.
    [[nodiscard]] task<> serve(boost::system::error_code waited);
    /// Whether it is to rest after serve().
    [[nodiscard]] bool rests() const noexcept { return patience_.rests(); }
    /// For a connection above the limit: responds with 503 and closes it.
    [[nodiscard]] task<> turn_away();

    [[nodiscard]] bool has_place() const noexcept { return has_place_; }
    /// Whether it waits for its next request.
    [[nodiscard]] bool is_idle() const noexcept { return patience_.is_idle(); }

    /// To be bound to the coroutine: it cancels a handler.
    [[nodiscard]] boost::asio::cancellation_slot cancellation() noexcept { return cancel_.slot(); }

    /// Called once a second: ends what takes too long.
    void tick() noexcept;
    /// Called when the server stops: closes an idle connection. A new one waits a moment longer, as its first request
    /// may be on its way.
    void drain() noexcept;
    /// Called when the time for draining is over: cancels a handler, ends everything else.
    void give_up() noexcept;

    // For incoming_body. unread() is what was read and not used, use() takes bytes of it, and read_more() reads more;
    // the bytes before are gone then. read_more() first writes the earlier responses, as the client may wait for them,
    // and 100 (Continue) if asked to. It fills `room` first and returns the number of bytes there; up to `most` bytes
    // after those become unread(). It throws http_error.
    [[nodiscard]] std::string_view unread() const noexcept;
    void use(std::size_t n) noexcept {
        space_->in.use(n);
        space_->current.received += n;
    }
    [[nodiscard]] task<std::size_t> read_more(bool send_continue, std::span<char> room, std::size_t most);

  private:
    using wait = patience::wait;
    static constexpr std::string_view stopping = "the service is stopping";

    enum class got { bytes, nothing, end };

    // Reading or writing may be tried again.
    [[nodiscard]] static bool is_passing(boost::system::error_code const &ec) noexcept {
        return ec == boost::asio::error::would_block || ec == boost::asio::error::interrupted;
    }
    [[nodiscard]] bool is_broken() const noexcept { return ending_ == ending::broken; }
    [[nodiscard]] request &rq() const noexcept { return *space_->current.rq; }

    // connection_clock.cpp: what ends it
    [[nodiscard]] unsigned handler_seconds() const noexcept;
    [[nodiscard]] patience::facts look() noexcept;
    [[nodiscard]] patience::client look_at_client() noexcept;
    [[nodiscard]] patience::client look_at_reader() noexcept;
    void act(patience::due what) noexcept;
    void cancel_handler(refusal why);

    // connection.cpp: from bytes to requests
    [[nodiscard]] unsigned idle_deadline() const noexcept;
    [[nodiscard]] unsigned head_deadline() const noexcept;
    [[nodiscard]] bool prepare_wait();
    [[nodiscard]] bool receive(boost::system::error_code waited);
    void take_space();
    [[nodiscard]] got read(std::size_t most);
    [[nodiscard]] got read(std::span<char> room, std::size_t most, std::size_t &in_room);
    [[nodiscard]] got read_head();
    [[nodiscard]] refusal why_overdue() noexcept;
    [[nodiscard]] bool next_request();
    [[nodiscard]] refusal why_refused(head_parser::result parsed) const noexcept;
    [[nodiscard]] open_exchange::time begin_time() noexcept;
    void begin_exchange(request_head const &head, framing const &body_framing, bool has_method, refusal const &why);
    [[gnu::noinline]] void limit_rate(clients &table); // few services have it: next_request() stays small
    [[nodiscard]] outcome call_app() noexcept;
    wait change_to(wait next) noexcept;
    void begin_handler() noexcept;
    [[nodiscard]] bool end_handler() noexcept;
    [[nodiscard]] task<> refuse_unread(refusal why);
    [[nodiscard]] task<> end(bool overdue);

    // connection_client.cpp: whose it is
    [[nodiscard]] bool take_proxy_header();
    [[nodiscard]] refusal why_turned_away() const noexcept;

    // connection_body.cpp: what is read after a head
    [[nodiscard]] std::size_t turn(loop_share const &share) const noexcept;
    [[nodiscard]] task<> let_others_run(loop_share &share);
    [[nodiscard]] task<> linger();
    [[nodiscard]] std::uint64_t bytes_to_linger() const noexcept;
    [[nodiscard]] got drop_some(std::uint64_t &left, loop_share &share);

    // connection_response.cpp: from responses to bytes
    [[nodiscard]] task<response> refuse(refusal why);
    [[nodiscard]] bool finish(response &rs);
    [[nodiscard]] task<> finish_slowly(response &rs);
    [[nodiscard]] task<> respond_slowly(response &rs, bool is_finished);
    void close_after_last_request();
    void linger_if_client_sends() noexcept;
    void append_head(response const &rs);
    void report(unsigned status) noexcept;
    [[nodiscard]] bool sends_content(response const &rs) const noexcept;
    [[nodiscard]] task<> drop_body();
    [[nodiscard]] bool try_write();
    [[nodiscard]] std::optional<memory_share> hold(response const &rs);
    void begin_writing(std::uint64_t held) noexcept;
    [[nodiscard]] task<> write();
    [[nodiscard]] task<> write_on(std::string_view content);

    // connection_stream.cpp: a response piece by piece
    [[nodiscard]] task<> stream(body_stream &source);
    void end_stream(body_stream const &source, bool is_complete, std::exception_ptr const &failure);
    [[nodiscard]] task<> write_chunk(std::string_view content);
    void beat() noexcept;

    transport socket_;
    server_loop &owner_;
    boost::asio::cancellation_signal cancel_;
    client_place client_place_;
    bool const has_place_; // among the connections that are served
    bool awaits_proxy_header_;
    bool is_peer_named_ = false; // peer_ is from such a header
    patience patience_;
    ending ending_;
    std::string kept_;     // an incomplete head, while there is no work space
    std::size_t seen_ = 0; // bytes of it that were looked at
    std::unique_ptr<work_space> space_;
    boost::asio::ip::address peer_;
};

} // namespace phial
