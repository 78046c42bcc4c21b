// Hands lines to Boost.Log. Only this file and block_queue.hpp include it.
#include "phial/logging/service_log.hpp"

#include "phial/logging/block_queue.hpp"
#include "phial/logging/console_output.hpp"
#include "phial/logging/loss_reporter.hpp"

#include <boost/log/attributes/attribute_value_impl.hpp>
#include <boost/log/attributes/attribute_value_set.hpp>
#include <boost/log/core.hpp>
#include <boost/log/sinks/async_frontend.hpp>
#include <boost/log/sinks/basic_sink_backend.hpp>
#include <boost/shared_ptr.hpp>
#include <boost/smart_ptr/make_shared_object.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <system_error>
#include <utility>

namespace phial {
namespace {

namespace logging = boost::log;

// How long the end of the log waits for a reader of the console.
constexpr std::chrono::seconds last_wait{1};

// What Boost.Log calls with each block.
class backend final : public logging::sinks::basic_sink_backend<logging::sinks::synchronized_feeding> {
  public:
    backend(line_writer &writer, log_format format) : reporter_(writer, format) {}

    // The queue that it gets its blocks from; the frontend owns it.
    void set_queue(block_queue const &queue) noexcept { queue_ = &queue; }

    void consume(logging::record_view const &record) {
        auto const &block = log_block::block_of(record);
        reporter_.write(block.lines, block.records, queue_->dropped(), queue_->is_empty());
    }

    [[nodiscard]] std::uint64_t lost() const noexcept { return reporter_.lost(); }

  private:
    loss_reporter reporter_;
    block_queue const *queue_ = nullptr;
};

// A queue, and a thread that writes its blocks to one place while this lives.
class destination {
    static bool is_login(logging::attribute_value_set const &values) {
        auto const block = logging::extract<log_block>(log_block::attribute_name(), values);
        return block && block->is_login;
    }

  public:
    using frontend = logging::sinks::asynchronous_sink<backend, block_queue>;

    // `logins_only`: other records do not enter the queue.
    destination(line_writer &writer, log_options const &options, bool logins_only = false)
        : backend_(boost::make_shared<backend>(writer, options.format)),
          frontend_(boost::make_shared<frontend>(backend_)) {
        frontend_->set_bound(options.queue_bytes);
        backend_->set_queue(*frontend_);
        if (logins_only) frontend_->set_filter(&is_login);
        logging::core::get()->add_sink(frontend_);
    }
    ~destination() {
        logging::core::get()->remove_sink(frontend_);
        frontend_->stop();
        frontend_->flush();
    }
    destination(destination const &) = delete;
    destination &operator=(destination const &) = delete;

    // Calls `call` while nothing is being written.
    template <class Call>
    auto between_writes(Call call) {
        auto const lock = frontend_->locked_backend();
        return call();
    }

    // Puts a block into this queue only.
    void take(logging::record_view const &record) { frontend_->consume(record); }

    void count_dropped(std::size_t records) noexcept { frontend_->count_dropped(records); }

    [[nodiscard]] log_counts counts() const noexcept { return {frontend_->dropped(), backend_->lost()}; }

  private:
    boost::shared_ptr<backend> backend_;
    boost::shared_ptr<frontend> frontend_;
};

class boost_log final : public service_log {
  public:
    explicit boost_log(log_options const &options) : format_(options.format), logins_(*this) {
        if (!options.folder.empty()) {
            open_file(options);
            logins_file_.emplace(options.folder, options.logins_name, options.rotate, opening::with_first_line);
            file_destination_.emplace(*file_, options);
            logins_destination_.emplace(*logins_file_, options, true);
        }
        if (options.console >= 0) {
            console_.emplace(options.console);
            console_destination_.emplace(*console_, options);
        }
    }
    ~boost_log() override {
        if (console_) console_->wait_no_longer_than(std::chrono::steady_clock::now() + last_wait);
    }
    boost_log(boost_log const &) = delete;
    boost_log &operator=(boost_log const &) = delete;

    void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept override {
        write(level, message, attributes, false);
    }

    void write_lines(std::string lines, std::size_t records) noexcept override {
        push({std::move(lines), records, false});
    }

    void announce(std::string line) noexcept override {
        if (!console_destination_) return;
        try {
            if (auto record = record_of({std::move(line), 0, false})) console_destination_->take(record.lock());
        } catch (std::exception const &) { // no memory
            report_on_stderr("there is no memory for a line to print");
        }
    }

    void count_dropped(std::size_t records) noexcept override {
        for (auto *place : {&file_destination_, &console_destination_})
            if (*place) (*place)->count_dropped(records);
    }

    [[nodiscard]] log_format format() const noexcept override { return format_; }

    [[nodiscard]] log_counts counts() const noexcept override {
        log_counts sum;
        for (auto const *place : {&file_destination_, &logins_destination_, &console_destination_}) {
            if (!*place) continue;
            auto const [dropped, lost] = (*place)->counts();
            sum.dropped += dropped;
            sum.lost += lost;
        }
        return sum;
    }

    [[nodiscard]] std::error_code reopen() noexcept override {
        if (!file_) return {};
        auto const first = file_destination_->between_writes([this] { return file_->reopen(); });
        auto const second = logins_destination_->between_writes([this] { return logins_file_->reopen(); });
        return first ? first : second;
    }

    [[nodiscard]] log_sink &logins() noexcept override { return logins_; }

  private:
    // Marks the records written to it.
    class logins_sink final : public log_sink {
      public:
        explicit logins_sink(boost_log &log) noexcept : log_(log) {}
        void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept override {
            log_.write(level, message, attributes, true);
        }
        void write_lines(std::string lines, std::size_t records) noexcept override {
            log_.push({std::move(lines), records, true});
        }
        void count_dropped(std::size_t records) noexcept override {
            log_.count_dropped(records);
            if (log_.logins_destination_) log_.logins_destination_->count_dropped(records);
        }
        [[nodiscard]] log_format format() const noexcept override { return log_.format_; }
        [[nodiscard]] log_counts counts() const noexcept override { return log_.counts(); }

      private:
        boost_log &log_;
    };

    void write(severity level, std::string_view message, std::span<attribute const> attributes,
               bool is_login) noexcept {
        try {
            constexpr std::size_t usual_rest = 192; // time, level, and the names and values of two ids
            std::string line;
            line.reserve(message.size() + usual_rest);
            append_record(line, format_, std::chrono::system_clock::now(), level, message, attributes);
            push({std::move(line), 1, is_login});
        } catch (std::exception const &) { // no memory
            (is_login ? static_cast<log_sink &>(logins_) : *this).count_dropped(1);
        }
    }

    static logging::record record_of(log_block block) {
        logging::attribute_value_set values;
        values.insert(log_block::attribute_name(), logging::attributes::make_attribute_value(std::move(block)));
        return logging::core::get()->open_record(std::move(values));
    }

    void push(log_block block) noexcept {
        // A Boost.Log core without sinks would write to the console itself.
        if (block.records == 0 || (!file_destination_ && !console_destination_)) return;
        auto const records = block.records;
        bool const is_login = block.is_login;
        try {
            if (auto record = record_of(std::move(block))) logging::core::get()->push_record(std::move(record));
        } catch (std::exception const &) {
            (is_login ? static_cast<log_sink &>(logins_) : *this).count_dropped(records);
        }
    }

    void open_file(log_options const &options) {
        try {
            file_.emplace(options.folder, options.name, options.rotate);
        } catch (std::system_error const &e) {
            throw log_error(options.folder + "/" + options.name + ".log cannot be opened: " + e.code().message());
        }
    }

    log_format const format_;
    logins_sink logins_;
    std::optional<rotating_file> file_; // each before its destination
    std::optional<rotating_file> logins_file_;
    std::optional<console_output> console_;
    std::optional<destination> console_destination_;
    std::optional<destination> logins_destination_;
    std::optional<destination> file_destination_; // ends first: it does not wait for a reader
};

} // namespace

std::unique_ptr<service_log> open_log(log_options const &options) { return std::make_unique<boost_log>(options); }

} // namespace phial
