// How much a message may hold.
#pragma once

#include <cstddef>
#include <cstdint>

namespace phial {

/// No head may be allowed to be larger: it has to fit into what a connection reads into.
constexpr std::size_t largest_head = 60 * 1024;

/// The bounds of a request, in bytes unless said otherwise, and the status of what passes them.
struct message_limits {
    std::size_t request_line = 16 * 1024;       // 414
    std::size_t head = 32 * 1024;               // with the request line: 431
    std::size_t fields = 100;                   // header lines: 431
    std::uint64_t body = 1ULL << 30;            // 413
    std::uint64_t body_in_memory = 16ULL << 20; // what text(), json(), form() and the texts of parts() hold: 413
    std::uint64_t unread_body = 64 * 1024;      // of a refused request, read so that the connection can go on
    std::size_t chunk_line = 4 * 1024;          // a chunk's size with its extensions: 400
    std::size_t chunk_extensions = 16 * 1024;   // all of a body's: 400
    std::size_t trailers = 16 * 1024;           // all of a body's: 431
    std::size_t json_depth = 512;               // arrays and objects in each other: 400
    std::size_t parts = 1000;                   // of a multipart body: 413
    std::size_t part_head = 16 * 1024;          // 413
    std::size_t part_lines = 32;                // header lines of a part: 413
    std::size_t part_name = 1024;               // its name, its file's, its content type, each: 413
};

} // namespace phial
