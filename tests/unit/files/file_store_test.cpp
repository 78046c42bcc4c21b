#include "phial/files/file_store.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "support/support.hpp"
#include "unit/files/system_calls.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

using namespace phial;
using namespace phial::testing;

namespace {

struct fixture {
    temporary_folder folder;
    worker_pool pool{4};
    file_store store{pool, folder.path()};

    std::vector<std::string> names() {
        pool.wait_until_idle(); // abandoned files are removed there
        return folder.names();
    }
};

task<> write_pieces(file_store &store, std::string name, std::vector<std::string> parts) {
    auto file = co_await store.create(std::move(name));
    for (auto const &p : parts) co_await file.write(p);
    co_await file.commit();
}

task<> abandon(file_store &store, std::string name, std::string content) {
    auto file = co_await store.create(std::move(name));
    co_await file.write(content);
}

task<> fail_while_writing(file_store &store, std::string name) {
    auto file = co_await store.create(std::move(name));
    co_await file.write("new");
    throw std::runtime_error("the client has gone");
}

// Bytes that differ from block to block.
std::string varied(std::size_t size) {
    std::string out;
    out.reserve(size + 32);
    for (std::size_t i = 0; out.size() < size; ++i) out += std::to_string(i * 2654435761U);
    out.resize(size);
    return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_stores, fixture)

BOOST_AUTO_TEST_CASE(bytes_that_are_put_in_the_room_beforehand_are_written_as_others_are) {
    auto const content = varied(3 * block::capacity + 17);
    auto const fill = [](file_store &to, std::string_view all) -> task<> {
        auto file = co_await to.create("room");
        for (std::size_t i = 0; !all.empty(); ++i) {
            auto const room = file.room();
            auto bytes = all.substr(0, std::min(room.size(), 100'000 + i));
            all.remove_prefix(bytes.size());
            if (i % 3 == 0) { // not in room()
                co_await file.write(bytes);
                continue;
            }
            std::copy(bytes.begin(), bytes.end(), room.begin());
            co_await file.write({room.data(), bytes.size()});
        }
        co_await file.commit();
    };
    run(fill(store, content));
    BOOST_TEST((read_file(folder.path() / "room") == content));
}

BOOST_AUTO_TEST_CASE(without_memory_there_is_no_room) {
    file_store poor(pool, folder.path(), {.memory = 0});
    auto const fill = [](file_store &to) -> task<> {
        auto file = co_await to.create("poor");
        BOOST_TEST(file.room().empty());
        co_await file.write("content");
        co_await file.commit();
    };
    run(fill(poor));
    BOOST_TEST(read_file(folder.path() / "poor") == "content");
}

BOOST_AUTO_TEST_CASE(a_committed_file_has_exactly_what_was_written) {
    struct {
        std::string name;
        std::vector<std::string> parts;
    } const cases[] = {
        {"empty", {}},
        {"empty-pieces", {"", ""}},
        {"short", {"content"}},
        {"binary", {std::string("\0\r\n\xFF", 4)}},
        {"pieces", {"a", "", "bc", "d"}},
        {"block", {varied(block::capacity)}},
        {"block-and-one", {varied(block::capacity), "x"}},
        {"large", {varied(3'000'001)}},
        {"large-pieces", cut(varied(1'500'000), 7'919)},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            std::string whole;
            for (auto const &p : c.parts) whole += p;
            run(write_pieces(store, c.name, c.parts));
            BOOST_TEST((read_file(folder.path() / c.name) == whole));
        }
    }
    BOOST_TEST(names().size() == std::size(cases));
}

BOOST_AUTO_TEST_CASE(a_commit_replaces_the_whole_file) {
    run(write_pieces(store, "binary", {"a long old content"}));
    run(write_pieces(store, "binary", {"new"}));
    BOOST_TEST(read_file(folder.path() / "binary") == "new");
    BOOST_TEST(names() == std::vector<std::string>{"binary"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_committed_file_can_be_read_by_others) {
    run(write_pieces(store, "binary", {"x"}));
    using enum std::filesystem::perms;
    auto const is = std::filesystem::status(folder.path() / "binary").permissions();
    BOOST_TEST((is == (owner_read | owner_write | group_read | others_read)));
}

task<> look_before_and_after(file_store &store, std::filesystem::path path, std::vector<std::string> &seen) {
    auto file = co_await store.create(path.filename().string());
    seen.push_back(read_file(path));
    co_await file.write(varied(2 * block::capacity + 9)); // two blocks are on the disk, one is not
    seen.push_back(read_file(path));
    co_await file.commit();
    seen.push_back(read_file(path));
}

BOOST_AUTO_TEST_CASE(a_reader_sees_the_old_content_until_the_commit) {
    std::vector<std::string> seen;
    auto const path = folder.path() / "binary";
    run(write_pieces(store, "binary", {"old"}));
    std::ifstream opened(path); // an open file can be read to its end
    run(look_before_and_after(store, path, seen));
    BOOST_TEST_REQUIRE(seen.size() == 3U);
    BOOST_TEST(seen[0] == "old");
    BOOST_TEST(seen[1] == "old");
    BOOST_TEST((seen[2] == varied(2 * block::capacity + 9)));
    std::string rest;
    opened >> rest;
    BOOST_TEST(rest == "old");
}

BOOST_AUTO_TEST_CASE(an_abandoned_writer_leaves_nothing) {
    run(abandon(store, "short", "a few bytes"));
    run(abandon(store, "long", varied(2 * block::capacity + 9)));
    BOOST_TEST(names().empty());
}

BOOST_AUTO_TEST_CASE(an_abandoned_writer_leaves_the_old_file) {
    run(write_pieces(store, "binary", {"old"}));
    run(abandon(store, "binary", "new"));
    BOOST_CHECK_THROW(run(fail_while_writing(store, "binary")), std::runtime_error);
    BOOST_TEST(names() == std::vector<std::string>{"binary"}, boost::test_tools::per_element());
    BOOST_TEST((read_file(folder.path() / "binary") == "old"));
}

BOOST_AUTO_TEST_CASE(a_writer_destroyed_in_the_middle_of_a_write_leaves_nothing) {
    {
        boost::asio::io_context on{1};
        boost::asio::co_spawn(on.get_executor(), abandon(store, "binary", varied(2 * block::capacity + 9)),
                              [](std::exception_ptr) {});
        on.run_one(); // begins, then waits for the pool
        on.run_one();
        pool.wait_until_idle(); // a job that has ended reports to its loop, which must still be there
    }
    BOOST_TEST(names().empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_does_not_exist_is_an_error) {
    file_store nowhere{pool, folder.path() / "missing"};
    BOOST_CHECK_EXCEPTION(run(write_pieces(nowhere, "x", {})), std::system_error, [this](std::system_error const &e) {
        return e.code() == std::errc::no_such_file_or_directory &&
               std::string(e.what()).find((folder.path() / "missing").string()) != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_commit_that_fails_leaves_what_was_there) {
    std::filesystem::create_directory(folder.path() / "taken"); // no file can replace a folder
    std::ofstream(folder.path() / "taken" / "inside") << "x";
    BOOST_CHECK_THROW(run(write_pieces(store, "taken", {"new"})), std::system_error);
    BOOST_TEST(names() == std::vector<std::string>{"taken"}, boost::test_tools::per_element());
    BOOST_TEST(read_file(folder.path() / "taken" / "inside") == "x");
}

BOOST_AUTO_TEST_CASE(a_folder_that_goes_away_while_a_file_is_written_is_an_error) {
    auto const path = folder.path() / "short-lived";
    std::filesystem::create_directory(path);
    file_store here{pool, path};
    auto const work = [](file_store &in, std::filesystem::path folder_path) -> task<> {
        auto file = co_await in.create("x");
        co_await file.write("content");
        std::filesystem::remove_all(folder_path);
        co_await file.commit();
    };
    BOOST_CHECK_THROW(run(work(here, path)), std::system_error);
}

BOOST_AUTO_TEST_CASE(of_many_writers_to_one_name_one_wins_whole) {
    boost::asio::io_context on{1};
    int ended = 0;
    for (char c = 'a'; c < 'i'; ++c)
        boost::asio::co_spawn(on.get_executor(), write_pieces(store, "binary", cut(std::string(600'000, c), 50'000)),
                              [&ended](std::exception_ptr e) { ended += e ? 0 : 1; });
    on.run();
    BOOST_TEST(ended == 8);
    auto const content = read_file(folder.path() / "binary");
    BOOST_TEST_REQUIRE(content.size() == 600'000U);
    BOOST_TEST(content.find_first_not_of(content[0]) == content.npos);
    BOOST_TEST((content[0] >= 'a' && content[0] < 'i'));
    BOOST_TEST(names() == std::vector<std::string>{"binary"}, boost::test_tools::per_element());
}

using names_of_calls = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(content_name_and_folder_are_flushed_in_that_order_unless_nothing_is_to_survive) {
    struct {
        durability survives;
        names_of_calls order;
    } const cases[] = {
        {durability::full, {"create", "write", "fsync", "rename", "open", "fsync"}},
        {durability::none, {"create", "write", "rename"}},
    };
    for (auto const &c : cases) {
        file_store here{pool, folder.path(), {.survives = c.survives}};
        system_calls const calls;
        run(write_pieces(here, "binary", {varied(2 * block::capacity + 9)}));
        BOOST_TEST(calls.order() == c.order, boost::test_tools::per_element());
        BOOST_TEST(!calls.any_on(std::this_thread::get_id())); // the loop's thread
    }
}

BOOST_AUTO_TEST_CASE(an_abandoned_file_is_removed_off_the_loop) {
    system_calls const calls;
    run(abandon(store, "binary", varied(block::capacity + 9)));
    BOOST_TEST(names().empty());
    BOOST_TEST(calls.count("unlink") == 1U);
    BOOST_TEST(!calls.any_on(std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(whatever_fails_is_thrown_and_the_old_file_stays) {
    struct {
        char const *call;
        int error;
        std::size_t after = 0;
    } const cases[] = {
        {"create", EMFILE}, {"write", ENOSPC},  {"write", EIO, 1}, {"write", ENOSPC, 2}, // the last block
        {"fsync", EIO},     {"rename", EACCES},
    };
    auto const three_blocks = varied(2 * block::capacity + 1);
    run(write_pieces(store, "binary", {"old"}));
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.call << " " << c.error << " after " << c.after) {
            system_calls calls;
            calls.fail(c.call, c.error, c.after);
            BOOST_CHECK_EXCEPTION(run(write_pieces(store, "binary", cut(three_blocks, 60'000))), std::system_error,
                                  [&c](std::system_error const &e) { return e.code().value() == c.error; });
            BOOST_TEST(names() == std::vector<std::string>{"binary"}, boost::test_tools::per_element());
            BOOST_TEST((read_file(folder.path() / "binary") == "old"));
        }
    }
}

task<> write_while_the_disk_is_held(file_store &store, system_calls &calls, std::string content, std::string &log) {
    auto file = co_await store.create("binary");
    calls.hold("write");
    std::string_view rest = content;
    co_await file.write(rest.substr(0, block::capacity));
    log += "first ";
    co_await file.write(rest.substr(block::capacity, block::capacity - 1));
    log += "second ";
    // The next byte fills the second block, and the first is not written yet.
    boost::asio::post(co_await boost::asio::this_coro::executor, [&] {
        log += "waits ";
        calls.release();
    });
    co_await file.write(rest.substr(2 * block::capacity - 1));
    log += "third";
    co_await file.commit();
}

BOOST_AUTO_TEST_CASE(the_next_block_is_filled_while_one_is_written_and_no_more) {
    auto const content = varied(3 * block::capacity);
    system_calls calls;
    std::string log;
    run(write_while_the_disk_is_held(store, calls, content, log));
    BOOST_TEST(log == "first second waits third");
    BOOST_TEST((read_file(folder.path() / "binary") == content));
}

BOOST_AUTO_TEST_CASE(without_memory_for_blocks_everything_is_written_all_the_same) {
    for (std::size_t const blocks : {0U, 1U, 2U, 3U}) {
        BOOST_TEST_CONTEXT(blocks) {
            file_store here{pool, folder.path(), {.memory = blocks * block::capacity}};
            boost::asio::io_context on{1};
            int ended = 0;
            auto const content = varied(3 * block::capacity + 3);
            for (auto const *name : {"a", "b", "c"})
                boost::asio::co_spawn(on.get_executor(), write_pieces(here, name, cut(content, 70'000)),
                                      [&ended](std::exception_ptr e) { ended += e ? 0 : 1; });
            on.run();
            BOOST_TEST(ended == 3);
            for (auto const *name : {"a", "b", "c"}) BOOST_TEST((read_file(folder.path() / name) == content), name);
        }
    }
}

task<> tell_size(file_store &store, std::uint64_t &size) {
    auto file = co_await store.create("binary");
    co_await file.write("abc");
    co_await file.write("");
    co_await file.write("de");
    size = file.size();
}

BOOST_AUTO_TEST_CASE(a_writer_knows_how_much_it_was_given) {
    std::uint64_t size = 0;
    run(tell_size(store, size));
    BOOST_TEST(size == 5U);
}

BOOST_AUTO_TEST_SUITE_END()
