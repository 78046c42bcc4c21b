// The request that a connection responds to, until the response is sent. Private to the server.
#pragma once

#include "phial/http/request.hpp"
#include "phial/server/incoming_body.hpp"
#include "phial/server/observer.hpp"
#include "phial/server/pace.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace phial {

/// What belongs to one request and its response. It does no input or output (its body is read through the connection),
/// and the time is an argument.
struct open_exchange {
    using time = std::chrono::steady_clock::time_point;

    std::optional<request> rq;
    incoming_body body;
    pace body_pace;
    std::uint64_t received = 0; // bytes, head and framing included
    bool has_method = false;    // a known one
    time began;

    /// When the next request begins, if it has come already: when the last one ended. time() if there is none, and
    /// after end(). (To read the clock takes 25 ns, and a short request among others less than a microsecond.)
    [[nodiscard]] time ended() const noexcept { return ended_; }

    /// The next request; nothing of it is counted yet. The arguments outlive it.
    void begin(time now, request_head const &head, service_context const &context, bool has_known_method) {
        began = now;
        received = 0;
        has_method = has_known_method;
        ended_ = time();
        keep_account();
        rq.emplace(head, body, context);
        if (account_) rq->use_memory(std::move(account_));
    }

    /// There is no request any more.
    void end() noexcept {
        ended_ = time();
        keep_account();
        rq.reset();
    }

    /// Whether the server rejects the request.
    [[nodiscard]] bool is_refused() const noexcept { return rq->notes.refused.status != 0; }

    /// The record for the observer. `complete`: the response was written whole; `sent`: its bytes.
    [[nodiscard]] exchange report(time now, unsigned status, bool complete, std::uint64_t sent) noexcept {
        ended_ = now;
        auto const method = has_method ? to_string(rq->head().method) : "_OTHER";
        return {*rq, method, is_refused(), status, complete, received, sent, now - began, *rq->notes.peer};
    }

  private:
    void keep_account() noexcept {
        if (rq && rq->has_memory()) account_ = rq->take_memory();
    }

    time ended_;
    std::shared_ptr<memory_account> account_; // for the next request; null: there is none
};

} // namespace phial
