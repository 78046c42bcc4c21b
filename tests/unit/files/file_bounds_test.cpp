// Files on a stalled disk, with a cancelled coroutine, or without room.
#include "phial/files/file_store.hpp"
#include "phial/http/http_error.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "support/support.hpp"
#include "unit/files/system_calls.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstdint>
#include <exception>
#include <functional>
#include <latch>
#include <list>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

using length = std::optional<std::uint64_t>;
using names_of_files = std::vector<std::string>;

task<> write_file(file_store &store, std::string content, length announced = std::nullopt) {
    auto file = co_await store.create("binary", announced);
    for (auto const &piece : cut(content, 50'000)) co_await file.write(piece);
    co_await file.commit();
}

// An upload that may be cancelled, on a separate loop.
class upload {
  public:
    explicit upload(task<> work) {
        boost::asio::co_spawn(on_.get_executor(), std::move(work),
                              boost::asio::bind_cancellation_slot(cancel_.slot(), [this](std::exception_ptr e) {
                                  failure_ = std::move(e);
                                  ended_ = true;
                              }));
    }
    upload(upload const &) = delete;
    upload &operator=(upload const &) = delete;

    void run_until(std::function<bool()> const &is_so) {
        while (!is_so()) {
            on_.poll();
            std::this_thread::yield();
        }
    }
    void run_until_it_waits_in(system_calls &calls, char const *name, std::size_t after = 0) {
        run_until([&] { return calls.count(name) > after; });
        on_.poll();
        BOOST_TEST(!ended_);
    }
    // Cancelled, it ends without waiting for the disk.
    void cancel() {
        cancel_.emit(boost::asio::cancellation_type::terminal);
        on_.poll();
        BOOST_TEST_REQUIRE(ended_);
        BOOST_CHECK_EXCEPTION(std::rethrow_exception(failure_), boost::system::system_error,
                              [](auto const &e) { return e.code() == boost::asio::error::operation_aborted; });
    }
    // The exception it throws, or null.
    std::exception_ptr end() {
        on_.run();
        return failure_;
    }

  private:
    boost::asio::io_context on_{1};
    boost::asio::cancellation_signal cancel_;
    std::exception_ptr failure_;
    bool ended_ = false;
};

unsigned status_of(std::exception_ptr const &failure) {
    try {
        if (failure) std::rethrow_exception(failure);
    } catch (http_error const &e) {
        return e.status();
    }
    return 0;
}

struct fixture {
    temporary_folder folder;
    worker_pool pool{4};

    unsigned status(file_store &store, std::string content, length announced = std::nullopt) {
        return status_of(upload(write_file(store, std::move(content), announced)).end());
    }
    std::string content() { return read_file(folder.path() / "binary"); }
    names_of_files names() {
        pool.wait_until_idle(); // abandoned files are removed there
        return folder.names();
    }
};

std::string const large(3 * block::capacity, 'n');

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_bounds, fixture)

BOOST_AUTO_TEST_CASE(wherever_it_is_cancelled_while_the_disk_stalls_it_ends_at_once_and_leaves_the_old_file) {
    struct {
        char const *call;
        std::string content;
        std::size_t memory = 64 * block::capacity;
    } const cases[] = {
        {"statvfs", "new"}, {"create", "new"},   {"write", "new"},
        {"write", large},   {"write", large, 0}, {"fsync", "new"},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.call << " " << c.content.size() << " bytes, memory " << c.memory) {
            file_store store(pool, folder.path(), {.memory = c.memory, .most = 1, .space = c.content.size()});
            BOOST_TEST(status(store, "old") == 0U);
            system_calls calls;
            calls.hold(c.call);
            upload cancelled(write_file(store, c.content, c.content.size()));
            cancelled.run_until_it_waits_in(calls, c.call);
            cancelled.cancel();
            // Until the disk answers, the upload counts and keeps its room.
            BOOST_TEST(store.counts().under_way == 1U);
            BOOST_TEST(store.counts().bytes_under_way == c.content.size());
            BOOST_TEST(status(store, "other") == 503U);
            calls.release();
            BOOST_TEST(names() == names_of_files{"binary"}, boost::test_tools::per_element());
            BOOST_TEST(content() == "old");
            auto const n = store.counts();
            BOOST_TEST(n.under_way == 0U);
            BOOST_TEST(n.bytes_under_way == 0U);
            BOOST_TEST(n.abandoned == 1U);
            BOOST_TEST(n.refused == 1U);
            BOOST_TEST(n.written == 1U);
            BOOST_TEST(status(store, c.content) == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_rename_that_has_begun_is_brought_to_its_end) {
    file_store store(pool, folder.path());
    BOOST_TEST(status(store, "old") == 0U);
    system_calls calls;
    calls.hold("rename");
    upload cancelled(write_file(store, "new"));
    cancelled.run_until_it_waits_in(calls, "rename");
    cancelled.cancel();
    BOOST_TEST(content() == "old");
    calls.release();
    BOOST_TEST(names() == names_of_files{"binary"}, boost::test_tools::per_element());
    BOOST_TEST(content() == "new");
    BOOST_TEST(calls.count("fsync") == 2U); // the content and the folder
    BOOST_TEST(store.counts().written == 2U);
    BOOST_TEST(store.counts().abandoned == 0U);
}

BOOST_AUTO_TEST_CASE(what_the_pool_has_not_begun_is_passed_over_when_nobody_waits_for_it_any_more) {
    worker_pool one(1);
    file_store store(one, folder.path(), {.most = 5});
    std::latch release(1);
    std::latch running(1);
    one.submit([&]() noexcept {
        running.count_down();
        release.wait();
    });
    running.wait(); // from here on the queue only grows
    system_calls const calls;
    std::list<upload> cancelled; // their jobs report to their loops when they end
    for (int i = 0; i < 5; ++i) {
        auto const before = one.current_load().queued;
        auto &one_more = cancelled.emplace_back(write_file(store, "new"));
        one_more.run_until([&] { return one.current_load().queued > before; });
        one_more.cancel();
    }
    BOOST_TEST(status(store, "other") == 503U); // otherwise the queue would have no limit
    release.count_down();
    one.wait_until_idle();
    BOOST_TEST(calls.count("create") == 0U);
    BOOST_TEST(store.counts().abandoned == 5U);
    BOOST_TEST(store.counts().under_way == 0U);
}

BOOST_AUTO_TEST_CASE(what_passes_a_bound_asks_nothing_of_the_disk) {
    file_store full(pool, folder.path(), {.most = 0});
    file_store small(pool, folder.path(), {.space = 100});
    system_calls const calls;
    BOOST_TEST(status(full, "x") == 503U);
    BOOST_TEST(status(small, "", 101) == 507U);
    BOOST_TEST(calls.order().empty());
    BOOST_TEST(full.counts().refused == 1U);
    BOOST_TEST(small.counts().refused == 1U);
    BOOST_TEST(status(small, std::string(100, 'x'), 100) == 0U);
}

BOOST_AUTO_TEST_CASE(what_was_not_announced_is_507_when_it_passes_the_space_and_the_old_file_stays) {
    for (std::size_t const memory : {std::size_t{0}, 8 * block::capacity}) {
        BOOST_TEST_CONTEXT(memory) {
            file_store store(pool, folder.path(), {.memory = memory, .space = 2 * block::capacity});
            BOOST_TEST(status(store, "old") == 0U);
            BOOST_TEST(status(store, large) == 507U);
            BOOST_TEST(names() == names_of_files{"binary"}, boost::test_tools::per_element());
            BOOST_TEST(content() == "old");
            BOOST_TEST(store.counts().failed == 1U);
            BOOST_TEST(store.counts().bytes_under_way == 0U);
            BOOST_TEST(status(store, large.substr(0, 2 * block::capacity)) == 0U); // the room was given back
            BOOST_TEST(store.counts().bytes == 3 + 2 * block::capacity);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_announced_and_not_free_on_the_disk_is_not_begun) {
    file_store store(pool, folder.path());
    system_calls calls;
    calls.free_bytes(1000);
    auto const failure = upload(write_file(store, "x", 1001)).end();
    BOOST_REQUIRE(failure);
    BOOST_CHECK_EXCEPTION(std::rethrow_exception(failure), std::system_error, [this](auto const &e) {
        return e.code().value() == ENOSPC && std::string(e.what()).find(folder.path().string()) != std::string::npos;
    });
    BOOST_TEST(names().empty());
    BOOST_TEST(calls.count("create") == 0U);
    BOOST_TEST(store.counts().failed == 1U);
    BOOST_TEST(status(store, std::string(1000, 'x'), 1000) == 0U);
    BOOST_TEST(status(store, std::string(2000, 'x')) == 0U); // not announced: only the disk can fail
}

BOOST_AUTO_TEST_CASE(what_the_disk_does_not_take_has_failed) {
    struct {
        char const *call;
        int error;
    } const cases[] = {{"statvfs", EIO}, {"create", EMFILE}, {"write", ENOSPC}, {"fsync", EIO}, {"rename", EACCES}};
    file_store store(pool, folder.path(), {.most = 1});
    std::uint64_t failed = 0;
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.call) {
            system_calls calls;
            calls.fail(c.call, c.error);
            BOOST_CHECK_THROW(std::rethrow_exception(upload(write_file(store, "new", 3)).end()), std::system_error);
            BOOST_TEST(folder.names().empty()); // before the answer is there
            BOOST_TEST(names().empty());
            BOOST_TEST(store.counts().failed == ++failed);
            BOOST_TEST(store.counts().abandoned == 0U);
            BOOST_TEST(store.counts().under_way == 0U);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
