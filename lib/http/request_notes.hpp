// What phial itself notes about a request; everything else in a request comes from the client.
#pragma once

#include "phial/http/form.hpp"

#include <boost/asio/ip/address.hpp>

#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace phial {

class url_map;
struct path_values;

/// Why the server rejects a message before any handler.
struct refusal {
    unsigned status = 0;
    std::string_view reason; // a static text: what is wrong, for the client and the log
};

/// Each note has one writer; handlers and layers read. Notes belong to the request's loop, and live as long as the
/// request.
struct request_notes {
    /// By the server: the peer's address, which outlives the request (null: the request came without a connection). For
    /// request::client().
    boost::asio::ip::address const *peer = nullptr;
    /// By the server: a trusted proxy has named that peer (PROXY protocol), and the connection is the proxy's.
    bool is_peer_named = false;

    /// By the server, and by for_hosts: why it rejects this request; status 0: it does not. For the app's `refuse`, and
    /// for layers around it that respond differently then.
    refusal refused;

    /// By the server, when it cancels the handler, whose waiting then ends with operation_aborted: why (empty: not
    /// cancelled), and the status code of the response: 503, or 499 if the client closed the connection. For
    /// handle_errors.
    std::string_view cancelled;
    unsigned cancelled_status = 503;

    /// By the router, before it calls the handler: where url_for looks up routes, and the pattern of the matched route
    /// with its prefix (empty: no route). `route` is also for logs and metrics.
    url_map const *urls = nullptr;
    std::string_view route;

    /// By the router: the seconds that the handler has, if the route says so; 0: those of the server. For the server.
    unsigned handler_seconds = 0;

    /// By the router, while the layers of a route run: the path values for the handler inside them, and only for it.
    /// It owns them when the layers wait.
    std::shared_ptr<path_values const> values;

    /// By the request's form() and parts(), in debug mode only: the fields of a form that were read; null: none. For
    /// the page of an error.
    std::unique_ptr<form_fields> form;

    /// By requires_auth: the authenticated user; empty: none. For handlers and logs.
    std::string user;

    /// By handle_errors: what an http_error says. For the access record, because a separate record of an error below
    /// 500 is written at the level debug only.
    std::string error;

    /// By inner_errors: an exception for which an error handler of a blueprint made the response. For the log, by
    /// handle_errors.
    std::exception_ptr failure;
};

} // namespace phial
