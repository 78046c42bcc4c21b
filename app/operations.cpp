#include "app/operations.hpp"

namespace phial {

void append_upload_metrics(exposition &out, file_store const &uploads) {
    auto const n = uploads.counts();
    out.family("_uploads_total", "counter", "Uploads, by result.");
    out.sample({{"result", "written"}}, n.written);
    out.sample({{"result", "abandoned"}}, n.abandoned);
    out.sample({{"result", "failed"}}, n.failed);
    out.sample({{"result", "refused"}}, n.refused);
    out.family("_uploads_under_way", "gauge", "Uploads that the disk has not finished with.");
    out.sample({}, n.under_way);
    out.family("_upload_bytes_under_way", "gauge", "Bytes of uploads under way: announced, or received so far.");
    out.sample({}, n.bytes_under_way);
    out.family("_upload_bytes_total", "counter", "Bytes of the files that were written.");
    out.sample({}, n.bytes);
}

void report_start(settings const &s, std::size_t removed, logger const &log) {
    log.info("uploads go to ", s.upload_dir, ": ", s.uploads.most, " at the same time, ", s.uploads.space,
             " bytes together");
    if (!s.service.passwords) log.warning("the tutorial's user admin/secret may log in, and that password is public");
    if (s.uploads.survives == durability::none)
        log.warning("--durability none: an upload that got its response may be lost in a power cut");
    if (removed != 0) log.info("removed ", removed, " temporary files of unfinished uploads");
}

} // namespace phial
