// Boost.Log's sinks; the only file that includes it.
#include "logging/sinks.hpp"

#include <boost/log/core.hpp>
#include <boost/log/expressions.hpp>
#include <boost/log/sinks/async_frontend.hpp>
#include <boost/log/sinks/block_on_overflow.hpp>
#include <boost/log/sinks/bounded_fifo_queue.hpp>
#include <boost/log/sinks/text_file_backend.hpp>
#include <boost/log/sinks/text_ostream_backend.hpp>
#include <boost/log/sources/logger.hpp>
#include <boost/log/sources/record_ostream.hpp>
#include <boost/log/utility/exception_handler.hpp>
#include <boost/shared_ptr.hpp>
#include <boost/smart_ptr/make_shared_object.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace phial {
namespace {

namespace logging = boost::log;

using queue = logging::sinks::bounded_fifo_queue<8192, logging::sinks::block_on_overflow>;
using file_sink = logging::sinks::asynchronous_sink<logging::sinks::text_file_backend, queue>;
using console_sink = logging::sinks::asynchronous_sink<logging::sinks::text_ostream_backend, queue>;

// A sink that fails (a full disk) is reported on stderr, not in the log it cannot write; the service goes on.
class report_failure {
  public:
    using result_type = void;
    explicit report_failure(char const *what) : what_(what) {}
    void operator()(std::exception const &e) const {
        if (!reported_->exchange(true)) std::fprintf(stderr, "phial: %s: %s\n", what_, e.what());
    }
    void operator()() const { (*this)(std::runtime_error("unknown failure")); }

  private:
    char const *what_;
    std::shared_ptr<std::atomic<bool>> reported_ = std::make_shared<std::atomic<bool>>(false);
};

class boost_log final : public log_sink {
  public:
    explicit boost_log(log_options const &options) : format_(options.format) {
        if (!options.folder.empty()) add_file(options); // first: it may throw, and the core would keep the console
        if (options.console) add_console();
        if (!options.console && options.folder.empty()) logging::core::get()->set_logging_enabled(false);
    }
    boost_log(boost_log const &) = delete;
    boost_log &operator=(boost_log const &) = delete;

    ~boost_log() override {
        stop(file_);
        stop(console_);
        logging::core::get()->set_logging_enabled(true);
    }

    void write(severity level, std::string_view message, std::span<attribute const> attributes) noexcept override {
        try {
            std::string line;
            append_record(line, format_, std::chrono::system_clock::now(), level, message, attributes);
            write_lines(std::move(line), 1);
        } catch (std::exception const &e) {
            std::fprintf(stderr, "phial: log: %s\n", e.what());
        }
    }

    void write_lines(std::string lines, std::size_t) noexcept override {
        try {
            auto record = source_.open_record();
            if (!record) return;
            lines.pop_back(); // the backends end each line
            logging::record_ostream stream(record);
            stream << lines;
            stream.flush();
            source_.push_record(std::move(record));
        } catch (std::exception const &e) {
            std::fprintf(stderr, "phial: log: %s\n", e.what());
        }
    }

    [[nodiscard]] log_format format() const noexcept override { return format_; }

  private:
    void add_console() {
        auto backend = boost::make_shared<logging::sinks::text_ostream_backend>();
        backend->add_stream(boost::shared_ptr<std::ostream>(&std::cout, [](std::ostream *) {}));
        backend->auto_flush(true);
        console_ = boost::make_shared<console_sink>(backend);
        start(*console_, "the log on stdout cannot be written");
        logging::core::get()->add_sink(console_);
    }

    void add_file(log_options const &options) {
        std::filesystem::path const folder = options.folder;
        std::error_code ec;
        if (!std::filesystem::is_directory(folder, ec) || access(folder.c_str(), W_OK | X_OK) != 0)
            throw std::runtime_error(
                "the log folder '" + options.folder +
                "' is no folder that can be written to. Create it, or choose another with --log-dir "
                "(empty: no file).");
        namespace keywords = logging::keywords;
        auto backend = boost::make_shared<logging::sinks::text_file_backend>(
            keywords::file_name = (folder / "app.log").string(),
            keywords::target_file_name = (folder / "app-%Y%m%dT%H%M%S-%5N.log").string(),
            keywords::open_mode = std::ios_base::out | std::ios_base::app,
            keywords::rotation_size = options.rotate_bytes, keywords::enable_final_rotation = false,
            keywords::auto_flush = true);
        auto collector = logging::sinks::file::make_collector(keywords::target = folder.string(),
                                                              keywords::max_files = options.kept_files);
        backend->set_file_collector(collector);
        backend->scan_for_files();
        file_ = boost::make_shared<file_sink>(backend);
        start(*file_, "app.log cannot be written");
        logging::core::get()->add_sink(file_);
    }

    template <class Sink>
    static void start(Sink &sink, char const *on_failure) {
        sink.set_formatter(logging::expressions::stream << logging::expressions::smessage);
        sink.set_exception_handler(
            logging::make_exception_handler<std::exception>(report_failure(on_failure), std::nothrow));
    }

    template <class Sink>
    static void stop(boost::shared_ptr<Sink> const &sink) {
        if (!sink) return;
        logging::core::get()->remove_sink(sink);
        sink->stop();
        sink->flush();
    }

    log_format format_;
    logging::sources::logger_mt source_;
    boost::shared_ptr<file_sink> file_;
    boost::shared_ptr<console_sink> console_;
};

} // namespace

std::unique_ptr<log_sink> open_log(log_options const &options) { return std::make_unique<boost_log>(options); }

} // namespace phial
