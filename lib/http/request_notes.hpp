// What phial has found out about a request since it came: all else in a request is the client's.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <exception>
#include <string>
#include <string_view>

namespace phial {

class url_map;
struct path_values;

/// A message that the server refuses before any handler sees it.
struct refusal {
    unsigned status = 0;
    std::string_view reason; // a static text: what is wrong, for the client and the log
};

/// Each note has one writer; handlers and layers read. They belong to the request's loop, and live as long as it does.
struct request_notes {
    /// By the server: the address at the other end of the connection, which outlives the request (null: it came over no
    /// connection). For request::client().
    boost::asio::ip::address const *peer = nullptr;

    /// By the server: why it refuses this request; status 0: it does not. For the app's `refuse`, and for the layers
    /// around it that answer otherwise then.
    refusal refused;

    /// By the server, when it cancels the handler, whose waiting then ends with operation_aborted: why (empty: it has
    /// not), and the status of the response, 503, or 499 when the client went away. For handle_errors.
    std::string_view cancelled;
    unsigned cancelled_status = 503;

    /// By the router, before it calls the handler: where url_for looks the routes up, and the matched route's pattern
    /// as it was registered (empty: no route). The second is for logs and metrics, too.
    url_map const *urls = nullptr;
    std::string_view route;

    /// By the router, while the layers of a route are at work: the values for the handler that they wrap. Nobody else
    /// needs them.
    path_values const *values = nullptr;

    /// By requires_auth: the user that was authenticated; empty: none. For handlers and logs.
    std::string user;

    /// By with_handlers: an exception that was answered by an error handler of a blueprint. For the log, by
    /// handle_errors.
    std::exception_ptr failure;
};

} // namespace phial
