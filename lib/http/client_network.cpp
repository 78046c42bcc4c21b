#include "phial/http/client_network.hpp"

#include "phial/http/forwarded.hpp"

namespace phial {

namespace ip = boost::asio::ip;

client_network::client_network(ip::address const &address) noexcept {
    auto const a = unmapped(address);
    is_v6_ = a.is_v6();
    if (!is_v6_) {
        bits_ = a.to_v4().to_uint();
        return;
    }
    auto const bytes = a.to_v6().to_bytes();
    for (std::size_t i = 0; i < sizeof bits_; ++i) bits_ = bits_ << 8U | bytes[i];
}

std::string client_network::to_string() const {
    if (!is_v6_) return ip::address_v4(static_cast<ip::address_v4::uint_type>(bits_)).to_string();
    ip::address_v6::bytes_type bytes{};
    for (std::size_t i = 0; i < sizeof bits_; ++i) bytes[i] = static_cast<unsigned char>(bits_ >> (56 - 8 * i));
    return ip::address_v6(bytes).to_string() + "/64";
}

} // namespace phial
