// Limits for the size of a message.
#pragma once

#include <cstddef>
#include <cstdint>

namespace phial {

/// The upper bound of message_limits::head and request_line: a head must fit into the buffer of a connection.
constexpr std::size_t largest_head = 60 * 1024;

/// The limits of a request, in bytes unless said otherwise, each with the status code for a request above it.
struct message_limits {
    std::size_t request_line = 16 * 1024;       // 414
    std::size_t head = 32 * 1024;               // request line and header section: 431
    std::size_t fields = 100;                   // field lines: 431
    std::uint64_t body = 1ULL << 30;            // 413
    std::uint64_t body_in_memory = 16ULL << 20; // held by data(), text(), json(), form() and the texts of parts(): 413
    std::uint64_t unread_body = 64 * 1024;      // of an unread body, dropped so that the connection can be kept
    std::size_t chunk_line = 4 * 1024;          // the line with a chunk's size and extensions: 400
    std::size_t chunk_extensions = 16 * 1024;   // of all chunks of a body together: 400
    std::size_t trailers = 16 * 1024;           // the trailer section of a body: 431
    std::size_t json_depth = 512;               // nested arrays and objects: 400
    std::size_t parts = 1000;                   // of a multipart body: 413
    std::size_t part_head = 16 * 1024;          // 413
    std::size_t part_lines = 32;                // field lines of a part: 413
    std::size_t part_name = 1024;               // each of its name, file name and content type: 413
};

} // namespace phial
