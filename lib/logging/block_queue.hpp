// A queue for Boost.Log's asynchronous frontend that drops records instead of growing or blocking.
#pragma once

#include <boost/log/attributes/attribute_name.hpp>
#include <boost/log/attributes/value_extraction.hpp>
#include <boost/log/core/record_view.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace phial {

/// The content of a Boost.Log record: the line of one record of ours, or the lines of several.
struct log_block {
    std::string lines;
    std::size_t records;
    bool is_login = false; // it goes into the file of failed logins as well

    /// The attribute that carries it.
    static boost::log::attribute_name attribute_name() {
        static boost::log::attribute_name const name("Block");
        return name;
    }

    static log_block const &block_of(boost::log::record_view const &record) {
        return boost::log::extract_or_throw<log_block>(attribute_name(), record);
    }
};

/// A queueing strategy, like boost::log::sinks::bounded_fifo_queue, with a bound in bytes. Above it new blocks are
/// dropped and counted.
class block_queue {
  public:
    /// To be called before there are records.
    void set_bound(std::size_t bytes) noexcept { bound_ = bytes; }

    /// How many records were dropped.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
    /// Counts records that were dropped before they came here.
    void count_dropped(std::size_t records) noexcept { dropped_ += records; }

    [[nodiscard]] bool is_empty() const noexcept {
        std::lock_guard const lock(mutex_);
        return records_.empty();
    }

  protected:
    block_queue() = default;
    template <class Arguments>
    explicit block_queue(Arguments const &) {}

    void enqueue(boost::log::record_view const &record) {
        std::lock_guard const lock(mutex_);
        if (!has_room(record) || !push(record)) dropped_ += log_block::block_of(record).records;
    }

    // Counts nothing: Boost.Log then calls enqueue().
    bool try_enqueue(boost::log::record_view const &record) {
        std::unique_lock const lock(mutex_, std::try_to_lock);
        return lock && has_room(record) && push(record);
    }

    bool try_dequeue_ready(boost::log::record_view &record) { return try_dequeue(record); }

    bool try_dequeue(boost::log::record_view &record) {
        std::lock_guard const lock(mutex_);
        return pop(record);
    }

    bool dequeue_ready(boost::log::record_view &record) {
        std::unique_lock lock(mutex_);
        there_is_something_.wait(lock, [this] { return interrupted_ || !records_.empty(); });
        return !std::exchange(interrupted_, false) && pop(record);
    }

    void interrupt_dequeue() {
        std::lock_guard const lock(mutex_);
        interrupted_ = true;
        there_is_something_.notify_one();
    }

  private:
    // Roughly the memory of a Boost.Log record besides its lines.
    static constexpr std::size_t overhead = 400;

    static std::size_t size_of(boost::log::record_view const &record) {
        return log_block::block_of(record).lines.size() + overhead;
    }

    // An empty queue has room for any record.
    bool has_room(boost::log::record_view const &record) const {
        return records_.empty() || bytes_ + size_of(record) <= bound_;
    }

    bool push(boost::log::record_view const &record) noexcept {
        try {
            records_.push_back(record);
        } catch (std::bad_alloc const &) {
            return false;
        }
        bytes_ += size_of(record);
        if (records_.size() == 1) there_is_something_.notify_one();
        return true;
    }

    bool pop(boost::log::record_view &record) {
        if (records_.empty()) return false;
        record.swap(records_.front());
        records_.pop_front();
        bytes_ -= size_of(record);
        return true;
    }

    mutable std::mutex mutex_;
    std::condition_variable there_is_something_;
    std::deque<boost::log::record_view> records_;
    std::size_t bytes_ = 0; // of the waiting records
    std::size_t bound_ = 0;
    std::atomic<std::uint64_t> dropped_ = 0;
    bool interrupted_ = false;
};

} // namespace phial
