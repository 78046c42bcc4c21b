// Files as responses: whole folders, or one file that a handler names.
#pragma once

#include "phial/files/beneath.hpp"
#include "phial/http/request.hpp"
#include "phial/http/response.hpp"
#include "phial/routing/blueprint.hpp"
#include "phial/runtime/task.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace phial {

class worker_pool;

struct static_options {
    /// The value of Cache-Control, such as "public, max-age=3600"; empty: no such field.
    std::string cache_control = {};
    /// Whether `style.css.br`, `.zst` or `.gz` beside `style.css` is sent to a client that accepts it. They must be
    /// made again when the file changes. All responses then have `Vary: Accept-Encoding`.
    bool precompressed = true;
    /// Whether the entity tag leaves out the inode: for processes that serve separate copies of the same files to the
    /// same clients. A file that is replaced by another of the same size and modification time keeps its tag then.
    bool same_on_replicas = false;
    /// The most ranges of a request; with more of them the whole file is sent.
    std::size_t most_ranges = 32;

    // Of folders only.

    /// Of the blueprint that static_files makes, such as "/static".
    std::string prefix = {};
    /// What a folder (a path that ends with a slash) responds with; empty: 404.
    std::string index = "index.html";
    /// Whether names that begin with a dot are served.
    bool hidden = false;
};

/// A folder whose files are sent. Thread-safe.
class file_folder {
  public:
    /// Opens the folder, once: it may be renamed, but not replaced. `pool` outlives this and its responses. Throws
    /// std::system_error, with the path, when there is no such folder or it cannot be read, and std::invalid_argument
    /// when cache_control is not a value of a field.
    file_folder(std::filesystem::path const &path, worker_pool &pool, static_options options = {});
    file_folder(open_folder folder, worker_pool &pool, static_options options = {});

    /// As send_file, with a path below the folder, decoded, which may come from the client: nothing outside is found,
    /// neither by `..` nor by a symbolic link, which is not followed. A folder is its index; without a slash at the end
    /// it is redirected (301) to the path with one. Throws http_error(404) for all that is not a regular file.
    [[nodiscard]] task<response> send(request &rq, std::string_view path) const;

  private:
    worker_pool &pool_;
    std::shared_ptr<open_folder const> folder_;
    std::shared_ptr<static_options const> options_;
};

/// Serves a folder below the prefix of a blueprint:
///
///     routes.mount(static_files("/srv/shop/public", s.disk(), {.prefix = "/static"}));
///
/// Layers and error handlers may be added to it before it is mounted. The documentation does not show its routes.
/// Throws as file_folder does.
[[nodiscard]] blueprint static_files(std::filesystem::path const &folder, worker_pool &pool,
                                     static_options options = {});

/// Responds to GET and HEAD with the file at `path`, which the service names and no client; symbolic links in it are
/// followed. `pool` opens and reads it, and outlives the response.
///
/// The response has a media type by the suffix (media_type_of), Last-Modified, and a strong entity tag, made of the
/// file's inode, size and modification time in nanoseconds. A file that is changed in place twice within a tick of the
/// kernel's clock (4 ms), and keeps its size, keeps its tag: replace files by a rename. The conditions of the request
/// are evaluated as RFC 9110 13.2.2 says (304, 412), and Range as 14.2 says, for GET only (206, 416); several ranges
/// are multipart/byteranges. A precompressed file has a separate tag, `"<tag>-gzip.<its inode, size and time>"`, and
/// its ranges are those of its bytes. If the client accepts neither a coding that exists nor the file as it is, it gets
/// the file as it is.
///
/// It takes 64 KiB of memory at most, which counts for the request, and the pool one job for a file that is not larger.
/// One that becomes shorter while it is sent breaks the connection; one that is changed in place is sent as a mixture.
///
/// Throws http_error: 404 when it is not a regular file, 403 when the service may not read it, 412, 416, and 503 when
/// the service has no memory, open files or jobs left. Throws std::system_error when the disk fails.
[[nodiscard]] task<response> send_file(request &rq, worker_pool &pool, std::filesystem::path const &path,
                                       static_options options = {});

} // namespace phial
