// What unit tests share: running coroutines, requests without a socket, folders that clean up, logs to look at.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/handler.hpp"
#include "phial/http/request.hpp"
#include "phial/logging/logger.hpp"
#include "phial/runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial::testing {

/// Runs a coroutine to its end on a loop of its own; gives what it returns, throws what it throws.
template <class T>
T run(boost::asio::io_context &on, task<T> t) {
    std::exception_ptr failure;
    std::optional<T> result;
    boost::asio::co_spawn(on.get_executor(), std::move(t), [&](std::exception_ptr e, T value) {
        failure = e;
        if (!e) result.emplace(std::move(value));
    });
    on.run();
    on.restart();
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::logic_error("the coroutine did not end");
    return std::move(*result);
}

inline void run(boost::asio::io_context &on, task<> t) {
    std::exception_ptr failure = std::make_exception_ptr(std::logic_error("the coroutine did not end"));
    boost::asio::co_spawn(on.get_executor(), std::move(t), [&](std::exception_ptr e) { failure = e; });
    on.run();
    on.restart();
    if (failure) std::rethrow_exception(failure);
}

template <class T>
T run(task<T> t) {
    boost::asio::io_context on{1};
    return run(on, std::move(t));
}

inline void run(task<> t) {
    boost::asio::io_context on{1};
    run(on, std::move(t));
}

/// A body that comes in the given pieces; announces its length unless it is chunked.
class pieces final : public body_stream {
  public:
    explicit pieces(std::vector<std::string> parts, bool chunked = true)
        : parts_(std::move(parts)),
          chunked_(chunked) {}
    task<std::optional<std::string_view>> next() override;
    std::optional<std::uint64_t> length() const noexcept override;

  private:
    std::vector<std::string> parts_;
    bool chunked_;
    std::size_t next_ = 0;
};

/// `whole` cut into pieces of `size` bytes.
[[nodiscard]] std::vector<std::string> cut(std::string_view whole, std::size_t size);

/// A request that came over no socket. Host is 127.0.0.1:5000 unless a header says otherwise.
class fake_request {
  public:
    using headers = std::vector<std::pair<std::string, std::string>>;

    explicit fake_request(std::string method, std::string target, headers lines = {}, std::string body = {},
                          service_traits traits = {});
    fake_request(std::string method, std::string target, headers lines, std::vector<std::string> body_pieces);

    /// Makes it come from that address.
    fake_request &from(std::string_view address);

    [[nodiscard]] request &get() noexcept { return *request_; }
    operator request &() noexcept { return *request_; }
    request *operator->() noexcept { return request_.get(); }

  private:
    std::string target_;
    headers headers_;
    std::vector<field> fields_;
    service_traits traits_;
    pieces body_;
    boost::asio::ip::address peer_;
    std::unique_ptr<request> request_;
};

/// Calls a handler, or what an app responds with.
[[nodiscard]] response call(handler const &h, request &rq);
[[nodiscard]] response call(app const &a, request &rq);

/// Returns when `condition` is true; throws when that takes too long.
void eventually(std::function<bool()> const &condition);

/// A folder that is removed with everything in it.
class temporary_folder {
  public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(temporary_folder const &) = delete;
    temporary_folder &operator=(temporary_folder const &) = delete;
    [[nodiscard]] std::filesystem::path const &path() const noexcept { return path_; }
    [[nodiscard]] std::vector<std::string> names() const; // sorted

  private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string read_file(std::filesystem::path const &path);

/// Keeps its records; thread-safe.
class memory_log final : public log_sink {
  public:
    explicit memory_log(log_format format = log_format::text) noexcept : format_(format) {}
    void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept override;
    void write_lines(std::string lines, std::size_t records) noexcept override;
    void count_dropped(std::size_t) noexcept override {}
    [[nodiscard]] log_format format() const noexcept override { return format_; }

    /// What came record by record.
    [[nodiscard]] std::vector<std::pair<severity, std::string>> records() const;
    /// All lines as they would lie in app.log; the time of what came record by record is 1970's beginning.
    [[nodiscard]] std::string text() const;
    /// How many records the blocks were said to hold.
    [[nodiscard]] std::size_t in_blocks() const;

  private:
    log_format format_;
    mutable std::mutex mutex_;
    std::vector<std::pair<severity, std::string>> records_;
    std::string text_;
    std::size_t in_blocks_ = 0;
};

} // namespace phial::testing
