// Bodies that a coroutine makes piece by piece: it yields each of them.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/handler.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/runtime/task.hpp"

#include <array>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace phial {
namespace detail {

// The promise of a generator, whatever its pieces are. Its reader awaits for it: a coroutine of its own type cannot use
// Asio's awaitables.
class generator_promise {
  public:
    // What has been yielded is collected up to this size, as long as the coroutine does not wait.
    static constexpr std::size_t run_ahead = 16 * 1024;

    template <class... A>
    explicit generator_promise(A &...arguments) {
        (find_request(arguments), ...);
    }

    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_always final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { failure_ = std::current_exception(); }

    template <class T>
    struct awaited {
        generator_promise &waiting;
        task<T> work;
        std::exception_ptr failure = {};
        std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value = {};

        [[nodiscard]] bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<>) {
            if constexpr (std::is_void_v<T>)
                waiting.wait_for(std::move(work), failure);
            else
                waiting.wait_for(keep(std::move(work), value), failure);
        }
        T await_resume() {
            if (failure) std::rethrow_exception(failure);
            if constexpr (!std::is_void_v<T>) return std::move(*value);
        }
        static task<> keep(task<T> from, std::optional<T> &to) { to.emplace(co_await std::move(from)); }
    };
    template <class T>
    [[nodiscard]] awaited<T> await_transform(task<T> work) noexcept {
        return {*this, std::move(work)};
    }
    template <class A>
    [[nodiscard]] std::suspend_never await_transform(A &&) noexcept {
        static_assert(!std::is_same_v<A, A>, "phial: a generator awaits a task<T>, such as pause(1s): put any other "
                                             "wait into a function that returns one");
        return {};
    }

    // For what reads the pieces. The next bytes, never empty; nothing at the end. Throws what the coroutine throws.
    [[nodiscard]] task<std::optional<std::string_view>> next(std::coroutine_handle<> self);
    // Runs it until it waits, ends or has yielded enough; throws what it has thrown instead of yielding anything.
    void start(std::coroutine_handle<> self);

  protected:
    // A piece is appended here, and counted by count_written(); `before` is the size without it. Without memory for it
    // that throws http_error, and the piece is gone.
    [[nodiscard]] std::string &buffer() noexcept { return buffer_; }
    void count_written(std::size_t before);

  private:
    template <class A>
    void find_request(A &argument) {
        if constexpr (std::is_same_v<std::remove_const_t<A>, request>) share_ = memory_share(argument.memory());
    }
    void wait_for(task<> work, std::exception_ptr &failure) noexcept {
        work_.emplace(std::move(work));
        work_failure_ = &failure;
    }
    void run(std::coroutine_handle<> self);
    void drop_given() noexcept;

    std::string buffer_;
    memory_share share_;
    std::exception_ptr failure_;
    std::optional<task<>> work_;                 // what the coroutine waits for
    std::exception_ptr *work_failure_ = nullptr; // in its frame
    bool is_given_ = false;                      // the buffer, to the reader
    bool is_cancelled_ = false;
};

} // namespace detail

/// A coroutine that makes the body of a response: it yields pieces, and may await tasks between them. `Format` says
/// what a piece is and how it becomes bytes; see pieces, events and json_lines. A handler returns one:
///
///     pieces countdown(request &, std::int64_t from) {
///         for (auto n = from; n > 0; --n) {
///             co_yield concat(n, "\n");
///             co_await pause(1s);
///         }
///     }
///
/// It starts at once, goes on when the head of the response has been sent, on the loop of the request, and the request
/// outlives it. Its other parameters are values, or references to what outlives the server. The body of the request is
/// gone when it has waited: that comes as a parameter (body<T>), or a handler reads it and returns
/// stream(countdown(rq, from)).
///
/// What it yields is sent as soon as it waits, or when 16 KiB have come together: it never runs further ahead of the
/// client. It may take any time: there is no deadline for a handler that has responded, and while it waits its request
/// does not count as under way. A long computation between two pieces belongs in request::compute().
///
/// When the client has gone it is cancelled: what it awaits throws operation_aborted, and it cannot wait again. When
/// the service stops it should end soon, see request::stopping() and stop_token(); after the time for draining it is
/// cancelled. What it throws before it first waits or yields is an error like that of any handler, such as
/// http_error(404); later it ends the connection in the middle of the body, so that the client notices, and is logged.
template <class Format>
class [[nodiscard]] generator {
  public:
    using format = Format;

    class promise_type : public detail::generator_promise {
      public:
        using generator_promise::generator_promise;

        generator get_return_object() noexcept {
            return generator(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        std::suspend_always yield_value(typename Format::piece const &one) {
            auto const before = buffer().size();
            Format::append(buffer(), one);
            count_written(before);
            return {};
        }
        std::suspend_always yield_value(typename Format::piece &&)
            requires std::is_aggregate_v<typename Format::piece>
        {
            static_assert(
                !std::is_same_v<Format, Format>,
                "phial: g++ 12 destroys a temporary struct in co_yield twice: give it a name, and yield that");
            return {};
        }
    };

    generator(generator &&other) noexcept : self_(std::exchange(other.self_, nullptr)) {}
    generator &operator=(generator &&other) noexcept {
        std::swap(self_, other.self_);
        return *this;
    }
    ~generator() {
        if (self_) self_.destroy();
    }

    /// Runs it until it waits for the first time, or has yielded 16 KiB. What it throws before it yields is thrown
    /// here. To be called once, before next().
    void start() { self_.promise().start(self_); }
    /// The next bytes of the body, as those of a body_stream.
    [[nodiscard]] task<std::optional<std::string_view>> next() { return self_.promise().next(self_); }

    /// So that a handler can return it: see stream().
    operator outcome() &&;

  private:
    explicit generator(std::coroutine_handle<promise_type> self) noexcept : self_(self) {}

    std::coroutine_handle<promise_type> self_;
};

namespace detail {

template <class Format>
class generated_body final : public body_stream {
  public:
    explicit generated_body(generator<Format> source) noexcept : source_(std::move(source)) {}
    task<std::optional<std::string_view>> next() override { return source_.next(); }
    std::optional<std::uint64_t> length() const noexcept override { return std::nullopt; }
    bool is_endless() const noexcept override { return !Format::heartbeat.empty(); }
    std::string_view heartbeat() override { return Format::heartbeat; }

  private:
    generator<Format> source_;
};

} // namespace detail

/// 200 with what a generator yields; it is started here, and what it throws before it waits or yields is an error like
/// that of any handler. `content_type` instead of that of its format:
///
///     return stream(rows(rq), "text/csv; charset=utf-8").set("Content-Disposition", "attachment; filename=a.csv");
template <class Format>
[[nodiscard]] response stream(generator<Format> source, literal content_type = Format::content_type) {
    source.start();
    response rs(content_type, std::string());
    for (literal_field const field : Format::fields) rs.add(field);
    return std::move(rs).stream(std::make_unique<detail::generated_body<Format>>(std::move(source)));
}

template <class Format>
generator<Format>::operator outcome() && {
    return stream(std::move(*this));
}

/// Text, or bytes, as they are.
struct piece_format {
    using piece = std::string_view;
    static constexpr literal content_type = "text/plain; charset=utf-8";
    static constexpr std::array<literal_field, 0> fields{};
    static constexpr std::string_view heartbeat{};
    static void append(std::string &out, std::string_view one) { out += one; }
};
using pieces = generator<piece_format>;

} // namespace phial
