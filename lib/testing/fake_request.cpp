#include "phial/testing/fake_request.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/ascii.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace phial::testing {

task<std::optional<std::string_view>> body_in_pieces::next() {
    while (next_ < parts_.size() && parts_[next_].empty()) ++next_;
    if (next_ == parts_.size()) co_return std::nullopt;
    if (parts_[next_].size() > left_) throw http_error(413, "The body is larger than is accepted here.");
    left_ -= parts_[next_].size();
    co_return parts_[next_++];
}

std::optional<std::uint64_t> body_in_pieces::length() const noexcept {
    if (chunked_) return std::nullopt;
    return std::accumulate(parts_.begin(), parts_.end(), std::uint64_t{0},
                           [](std::uint64_t n, std::string const &s) { return n + s.size(); });
}

std::vector<std::string> cut(std::string_view whole, std::size_t size) {
    std::vector<std::string> out;
    for (; !whole.empty(); whole.remove_prefix(std::min(size, whole.size()))) out.emplace_back(whole.substr(0, size));
    return out;
}

namespace {

method parse_method(std::string_view name) {
    for (auto const m : {method::get, method::head, method::post, method::put, method::patch, method::delete_,
                         method::options, method::trace, method::connect})
        if (to_string(m) == name) return m;
    throw std::invalid_argument("unknown method: " + std::string(name));
}

} // namespace

fake_request::fake_request(std::string_view method, std::string target, headers lines, std::string body,
                           service_context context)
    : target_(std::move(target)),
      headers_(std::move(lines)),
      context_(std::move(context)),
      body_({std::move(body)}, false) {
    bool const has_host =
        std::any_of(headers_.begin(), headers_.end(), [](auto const &h) { return iequals(h.first, "Host"); });
    if (!has_host) headers_.emplace_back("Host", "127.0.0.1:5000");
    for (auto const &[name, value] : headers_) fields_.push_back({name, value});
    request_head head;
    head.method = parse_method(method);
    head.target = target_;
    head.fields = fields_view(fields_);
    request_ = std::make_unique<request>(head, body_, context_);
}

fake_request::fake_request(std::string_view method, std::string target, headers lines,
                           std::vector<std::string> body_pieces)
    : fake_request(method, std::move(target), std::move(lines)) {
    body_ = body_in_pieces(std::move(body_pieces));
}

fake_request &fake_request::client(std::string_view address) {
    peer_ = boost::asio::ip::make_address(address);
    request_->notes.peer = &peer_;
    return *this;
}

} // namespace phial::testing
