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

/// A named value of a record, after its message. Names are chosen in the program: ASCII letters, digits and '_'.
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
/// Whatever the message and the values contain, the result is one line without control characters; JSON is valid, and
/// ASCII. In text, unlike JSON, a message may look as if attributes followed it.
void append_record(std::string &out, log_format format, wall_time time, severity level, std::string_view message,
                   std::span<attribute const> attributes);

/// `message` with every character escaped that could end the line, control a terminal or deceive its reader: control
/// characters, changes of the direction of writing, and invisible ones (`\n`, `\x1b`, `\u202e`). Bytes that are not
/// UTF-8 become U+FFFD.
[[nodiscard]] std::string one_line(std::string_view message);

} // namespace phial
