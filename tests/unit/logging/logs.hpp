// Logs in folders of tests, and what is in them.
#pragma once

#include "phial/logging/service_log.hpp"
#include "support/support.hpp"

#include <cstdint>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace phial::testing {

inline log_options in(temporary_folder const &folder) {
    log_options options;
    options.folder = folder.path().string();
    options.console = -1;
    return options;
}

inline std::vector<std::string> lines_of(std::string const &text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

inline std::string app_log(temporary_folder const &folder) { return read_file(folder.path() / "app.log"); }

inline std::string message_of(std::string const &line) { return line.substr(line.rfind(' ') + 1); }

// Writes `count` records of some 100 bytes each.
inline void write_long_records(log_options const &options, int count) {
    auto const log = open_log(options);
    for (int i = 0; i < count; ++i) log->write(severity::info, std::string(63, 'x'), {});
}

// Lines as the access log makes them.
inline std::string block_of(int first, int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        append_record(out, log_format::text, wall_time{}, severity::info, std::to_string(first + i), {});
    return out;
}

// Adds up what the reports of dropped records say.
inline std::uint64_t told_dropped(std::vector<std::string> const &lines) {
    std::regex const form(R"(.* warning the log could not keep up: (\d+) records? w(?:as|ere) dropped)");
    std::uint64_t sum = 0;
    for (auto const &line : lines)
        if (std::smatch match; std::regex_match(line, match, form)) sum += std::stoull(match[1]);
    return sum;
}

} // namespace phial::testing
