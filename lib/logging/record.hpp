// A record of the log as one line: its level, message and attributes, as text or as JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace phial {

enum class severity { debug, info, warning, error, critical };

[[nodiscard]] std::string_view to_string(severity s) noexcept;

enum class log_format { text, json };

/// What a record says beside its message. Names are ours: ASCII letters, digits and '_'.
struct attribute {
    std::string_view name;
    std::variant<std::string_view, std::uint64_t, double> value; // a double has six decimals: seconds
};

using wall_time = std::chrono::system_clock::time_point;

/// Appends one line with its end:
///
///     2026-11-22T17:30:00.123456Z info    message count=3 seconds=0.000123 agent="curl 7"
///     {"time":"2026-11-22T17:30:00.123456Z","severity":"info","message":"message","count":3,"seconds":0.000123,...}
///
/// Whatever message and values hold, it is one line, steers no terminal and shows what it holds, and the JSON is valid,
/// in ASCII. Text is
/// not JSON's equal in one thing: a message may look as if attributes followed it.
void append_record(std::string &out, log_format format, wall_time time, severity level, std::string_view message,
                   std::span<attribute const> attributes);

/// `message` with everything that could end the line, steer a terminal or deceive its reader written as an escape
/// (`\n`,
/// `\x1b`, `\u202e`): control characters, those that turn the direction of writing, and others that show nothing. Bytes
/// that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string one_line(std::string_view message);

} // namespace phial
