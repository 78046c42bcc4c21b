// Writes a record for each request that got a response.
#pragma once

#include "phial/http/forwarded.hpp"
#include "phial/logging/logger.hpp"
#include "phial/server/observer.hpp"

#include <cstddef>
#include <string>

namespace phial {

/// Which requests get a record.
enum class access_records {
    off,
    errors, // status code 400 or above, or a response that was not sent completely
    all
};

/// The access log of one loop. Records are formatted at once and passed to the sink in blocks: when a block is full,
/// and once a second.
class access_log final : public observer {
  public:
    /// `sink` outlives this.
    access_log(log_sink &sink, access_records selection);

    void finished(exchange const &what) noexcept override;
    void tick() noexcept override;

  private:
    void append(exchange const &what);
    void hand_over() noexcept;

    log_sink &sink_;
    access_records selection_;
    std::string block_;
    std::size_t records_ = 0; // in the block
    boost::asio::ip::address client_;
    std::string client_text_; // of client_: the next request is often from the same client
};

} // namespace phial
