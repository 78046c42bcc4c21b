// The tutorial's service, as a process.
#include "app/app.hpp"
#include "app/operations.hpp"
#include "app/settings.hpp"
#include "phial/files/static_files.hpp"
#include "phial/files/temporary_file.hpp"
#include "phial/hooks/memory_reserve.hpp"
#include "phial/service/process.hpp"
#include "phial/service/service.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

using namespace phial;

namespace {

int serve(settings const &set) {
    service s(set.service);
    auto const removed = remove_abandoned(set.upload_dir, set.uploads.prefix);
    file_store uploads(s.disk(), set.upload_dir, set.uploads);
    s.watch_folder({.name = "upload", .label = "uploads", .path = set.upload_dir});
    s.add_metrics([&](exposition &out) { append_upload_metrics(out, uploads); });
    std::optional<blueprint> files;
    if (!set.static_dir.empty()) // as Flask, clients ask each time whether it has changed
        files = static_files(set.static_dir, s.disk(), {.cache_control = "no-cache", .prefix = "/static"});
    return s.run(make_app(s.known_users(), uploads, s.log(), set.service.docs, std::move(files)),
                 [&](auto &&...) { report_start(set, removed, s.log()); });
}

} // namespace

int main(int argc, char **argv) {
    prepare_process();
    return run_main([&] {
        settings set;
        if (auto const text = read_settings(set, {argv + 1, argv + argc})) {
            std::fputs(text->c_str(), stdout);
            return 0;
        }
        set.service.server.memory_is_low = memory_reserve_is_low;
        return serve(set);
    });
}
