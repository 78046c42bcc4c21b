// Whose a connection is, and whether that client may have it.
#include "phial/server/connection.hpp"
#include "phial/server/proxy_header.hpp"
#include "phial/server/server_loop.hpp"

namespace phial {

task<> connection::turn_away() {
    co_await refuse_unread(why_turned_away());
    if (!is_broken()) co_await linger();
}

refusal connection::why_turned_away() const noexcept {
    return {503,
            client_place_.refused() ? "too many connections of this client are open" : "too many connections are open"};
}

// Reads the header that the connection of a trusted proxy begins with; false when the connection is to be closed.
bool connection::take_proxy_header() {
    auto const header = read_proxy_header(kept_);
    if (header.found == proxy_header::result::need_more) return true;
    if (header.found == proxy_header::result::malformed) {
        owner_.count(server_event::no_proxy_header);
        return false;
    }
    awaits_proxy_header_ = false;
    kept_ = kept_.substr(header.size); // gives the memory back
    if (!header.client) return true;
    peer_ = *header.client;
    is_peer_named_ = true;
    client_place_.change_to(peer_);
    return !client_place_.refused();
}

} // namespace phial
