#include "phial/files/static_files.hpp"

#include "phial/files/file_response.hpp"
#include "phial/http/field_lines.hpp"
#include "phial/runtime/background_work.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/uri.hpp"

#include <boost/asio/this_coro.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <utility>

namespace phial {
namespace {

// Jobs that may wait for the pool. Those of requests that were cancelled while a disk did not respond wait, too.
constexpr std::size_t most_jobs = 4096;

// A cancelled handler does not wait for the disk, and the pool has no work for it later.
task<response> answer(file_query query, worker_pool &pool) {
    if (pool.current_load().queued >= most_jobs)
        throw http_error(503, "Too many requests wait for the disk.").add("Retry-After", "1");
    auto const found = std::make_shared<std::optional<file_answer>>();
    background_work work(pool, co_await boost::asio::this_coro::executor);
    work.begin([query = std::move(query), place = std::weak_ptr(found), &pool] {
        if (place.expired()) return;
        auto answer = answer_with_file(query, pool);
        if (auto const still = place.lock()) still->emplace(std::move(answer));
    });
    co_await work.ended();
    if (auto *const error = std::get_if<http_error>(&**found)) throw std::move(*error);
    co_return std::get<response>(std::move(**found));
}

// Relative to the path of the request, so that it is right when a proxy adds a prefix. The first segment might have a
// colon.
std::string with_slash(request const &rq) {
    auto const path = rq.path();
    auto const last = path.substr(path.rfind('/') + 1);
    auto location = concat("./", percent_encode(last), '/');
    if (!rq.query().empty()) location += concat('?', encode_query(rq.query()));
    return location;
}

} // namespace

file_folder::file_folder(std::filesystem::path const &path, worker_pool &pool, static_options options)
    : file_folder(open_folder(path), pool, std::move(options)) {}

file_folder::file_folder(open_folder folder, worker_pool &pool, static_options options)
    : pool_(pool),
      folder_(std::make_shared<open_folder const>(std::move(folder))),
      options_(std::make_shared<static_options const>(std::move(options))) {
    if (!is_field_value(options_->cache_control))
        throw std::invalid_argument("static_options::cache_control holds a control character");
}

task<response> file_folder::send(request &rq, std::string_view path) const {
    bool const is_root = path.empty() && !rq.path().ends_with('/'); // a prefix without its slash
    bool const is_folder = path.empty() ? !is_root : path.ends_with('/');
    auto file = concat(path, is_folder ? options_->index : "");
    if (!is_root && !is_plain_path(file, options_->hidden)) throw http_error(404);
    file_query query(rq, is_root ? "." : std::move(file), options_);
    query.folder = folder_;
    if (!is_folder) query.redirection = with_slash(rq);
    return answer(std::move(query), pool_);
}

blueprint static_files(std::filesystem::path const &folder, worker_pool &pool, static_options options) {
    blueprint bp(options.prefix);
    auto const files = std::make_shared<file_folder const>(folder, pool, std::move(options));
    auto const send_root = [files](request &rq) { return files->send(rq, ""); };
    if (!bp.prefix().empty()) bp.get<"">(send_root).hidden();
    bp.get<"/">(send_root).hidden();
    bp.get<"/<path:file>">([files](request &rq, std::string_view file) { return files->send(rq, file); }).hidden();
    return bp;
}

task<response> send_file(request &rq, worker_pool &pool, std::filesystem::path const &path, static_options options) {
    return answer(file_query(rq, path.string(), std::make_shared<static_options const>(std::move(options))), pool);
}

} // namespace phial
