#include "phial/logging/block_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <boost/log/attributes/attribute_value_impl.hpp>
#include <boost/log/attributes/attribute_value_set.hpp>
#include <boost/log/core.hpp>

#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace phial;

namespace {

namespace logging = boost::log;

logging::record_view record_of(std::string lines, std::size_t records = 1) {
    logging::attribute_value_set values;
    values.insert(log_block::attribute_name(),
                  logging::attributes::make_attribute_value(log_block{std::move(lines), records}));
    auto record = logging::core::get()->open_record(std::move(values));
    return record.lock();
}

// What Boost.Log's frontend calls.
class open_queue : public block_queue {
  public:
    explicit open_queue(std::size_t bytes) { set_bound(bytes); }
    using block_queue::dequeue_ready;
    using block_queue::enqueue;
    using block_queue::interrupt_dequeue;
    using block_queue::try_enqueue;

    // The lines of the next block, or "-".
    std::string next() {
        logging::record_view record;
        return try_dequeue(record) ? log_block::block_of(record).lines : "-";
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(block_queues)

BOOST_AUTO_TEST_CASE(what_goes_in_comes_out_in_order) {
    open_queue queue(1'000'000);
    BOOST_TEST(queue.is_empty());
    queue.enqueue(record_of("a"));
    BOOST_TEST(queue.try_enqueue(record_of("b")));
    BOOST_TEST(!queue.is_empty());
    queue.enqueue(record_of("c"));
    for (auto const *lines : {"a", "b", "c", "-"}) BOOST_TEST(queue.next() == lines);
    BOOST_TEST(queue.is_empty());
    BOOST_TEST(queue.dropped() == 0U);
}

BOOST_AUTO_TEST_CASE(above_the_bound_the_newest_is_dropped_and_its_records_counted) {
    open_queue queue(10'000);
    queue.enqueue(record_of(std::string(9'000, 'a')));
    BOOST_TEST(!queue.try_enqueue(record_of(std::string(1'000, 'b'), 3)));
    BOOST_TEST(queue.dropped() == 0U); // the core calls enqueue() next
    queue.enqueue(record_of(std::string(1'000, 'b'), 3));
    BOOST_TEST(queue.dropped() == 3U);
    queue.enqueue(record_of("c")); // this one fits
    BOOST_TEST(queue.dropped() == 3U);
    queue.count_dropped(2);
    BOOST_TEST(queue.dropped() == 5U);
    BOOST_TEST(queue.next() == std::string(9'000, 'a'));
    BOOST_TEST(queue.next() == "c");
    queue.enqueue(record_of(std::string(9'000, 'd'))); // fits again
    BOOST_TEST(queue.next() == std::string(9'000, 'd'));
}

BOOST_AUTO_TEST_CASE(small_records_do_not_take_memory_without_bound) {
    open_queue queue(1'000'000);
    for (int i = 0; i < 10'000; ++i) queue.enqueue(record_of(""));
    BOOST_TEST(queue.dropped() > 5'000U);
}

BOOST_AUTO_TEST_CASE(one_always_fits) {
    open_queue queue(10);
    queue.enqueue(record_of("longer than the bound"));
    BOOST_TEST(queue.dropped() == 0U);
    BOOST_TEST(queue.next() == "longer than the bound");
}

BOOST_AUTO_TEST_CASE(a_reader_waits_until_there_is_something_or_it_is_interrupted) {
    open_queue queue(1'000'000);
    std::vector<std::string> got;
    std::thread reader([&] {
        for (logging::record_view record; queue.dequeue_ready(record);)
            got.push_back(log_block::block_of(record).lines);
    });
    queue.enqueue(record_of("a"));
    while (!queue.is_empty()) std::this_thread::yield();
    queue.enqueue(record_of("b"));
    while (!queue.is_empty()) std::this_thread::yield();
    queue.interrupt_dequeue();
    reader.join();
    BOOST_TEST((got == std::vector<std::string>{"a", "b"}));
}

BOOST_AUTO_TEST_SUITE_END()
