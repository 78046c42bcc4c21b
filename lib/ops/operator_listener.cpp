#include "phial/ops/operator_listener.hpp"

#include "phial/errors/handle_errors.hpp"

#include <utility>

namespace phial {

operator_listener::operator_listener(std::string address, std::uint16_t port, std::string server_name,
                                     logger const &log)
    : log_(log) {
    options_.address = std::move(address);
    options_.port = port;
    options_.name = std::move(server_name);
    options_.connections = 128;
    options_.turned_away = 8;
    // Handlers here wait only for a moment, so requests need no limit besides that of connections.
    options_.requests = options_.connections;
    // Short times: a connection that its client has abandoned is closed soon.
    options_.idle_seconds = 10;
    options_.head_seconds = 5;
    options_.write_seconds = 5;
    options_.drain_seconds = 0;
}

void operator_listener::begin(handler routes) {
    auto app = handle_errors({}, log_, std::move(routes));
    server_.emplace(loops_, options_, std::move(app));
    server_->listen();
    thread_ = std::jthread([this] { loops_.run(); });
}

void operator_listener::end() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
    server_->release();
}

} // namespace phial
