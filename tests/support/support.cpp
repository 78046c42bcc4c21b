// Helpers of the unit tests.
#include "support/support.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <numeric>
#include <thread>

namespace phial::testing {

task<std::optional<std::string_view>> pieces::next() {
    while (next_ < parts_.size() && parts_[next_].empty()) ++next_;
    if (next_ == parts_.size()) co_return std::nullopt;
    co_return parts_[next_++];
}

std::optional<std::uint64_t> pieces::length() const noexcept {
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
    throw std::invalid_argument("no method: " + std::string(name));
}

} // namespace

fake_request::fake_request(std::string method, std::string target, headers lines, std::string body,
                           service_traits traits)
    : target_(std::move(target)),
      headers_(std::move(lines)),
      traits_(std::move(traits)),
      body_({std::move(body)}, false) {
    bool const has_host =
        std::any_of(headers_.begin(), headers_.end(), [](auto const &h) { return iequals(h.first, "Host"); });
    if (!has_host) headers_.emplace_back("Host", "127.0.0.1:5000");
    for (auto const &[name, value] : headers_) fields_.push_back({name, value});
    request_head head;
    head.verb = parse_method(method);
    head.target = target_;
    head.fields = fields_view(fields_);
    request_ = std::make_unique<request>(head, body_, traits_);
}

fake_request::fake_request(std::string method, std::string target, headers lines, std::vector<std::string> body_pieces)
    : fake_request(std::move(method), std::move(target), std::move(lines)) {
    body_ = pieces(std::move(body_pieces));
}

fake_request &fake_request::from(std::string_view address) {
    peer_ = boost::asio::ip::make_address(address);
    request_->notes.peer = &peer_;
    return *this;
}

response call(handler const &h, request &rq) { return run(h(rq)); }
response call(app const &a, request &rq) { return run(a.respond(rq)); }

void eventually(std::function<bool()> const &condition) {
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error("it did not come true");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

temporary_folder::temporary_folder() {
    auto name = (std::filesystem::temp_directory_path() / "phial-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
}

temporary_folder::~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::vector<std::string> temporary_folder::names() const {
    std::vector<std::string> out;
    for (auto const &entry : std::filesystem::directory_iterator(path_))
        out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
}

std::string read_file(std::filesystem::path const &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

void memory_log::write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept {
    std::lock_guard const lock(mutex_);
    records_.emplace_back(level, message);
    append_record(text_, format_, wall_time{}, level, message, attributes);
}

void memory_log::write_lines(std::string lines, std::size_t records) noexcept {
    std::lock_guard const lock(mutex_);
    text_ += lines;
    in_blocks_ += records;
}

std::vector<std::pair<severity, std::string>> memory_log::records() const {
    std::lock_guard const lock(mutex_);
    return records_;
}

std::string memory_log::text() const {
    std::lock_guard const lock(mutex_);
    return text_;
}

std::size_t memory_log::in_blocks() const {
    std::lock_guard const lock(mutex_);
    return in_blocks_;
}

} // namespace phial::testing
