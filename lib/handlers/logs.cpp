// Chapter "Simple Debug and Logging", second half: a logger with levels.
#include "phial/handlers/chapters.hpp"
#include "phial/logging/logger.hpp"

namespace phial::chapters {
namespace {

task<response> log_three_lines(logger const &log, request &rq) {
    log(rq).info("informing");
    log(rq).warning("warning");
    log(rq).error("error");
    co_return text("check your logs\n");
}

} // namespace

blueprint logs(logger const &log) {
    blueprint bp("/logs");
    bp.tag("Debugging and logging", "What operators see.");
    bp.get<"/hello">(log_three_lines, log).summary("Three lines in the log").gives("text/plain");
    return bp;
}

} // namespace phial::chapters
