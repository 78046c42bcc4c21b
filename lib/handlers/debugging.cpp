// Chapter "Simple Debug and Logging", first half: a handler that fails, to see what debug mode shows.
#include "phial/handlers/chapters.hpp"

#include <stdexcept>

namespace phial::chapters {
namespace {

task<response> fail(request &) {
    throw std::runtime_error("<boom> & \"quotes\"");
    co_return text();
}

} // namespace

blueprint debugging() {
    blueprint bp("/debug");
    bp.tag("Debugging and logging", "What operators see.");
    bp.get<"/error">(fail).summary("A handler that fails").answers(500, "Always; in debug mode with the stack.");
    return bp;
}

} // namespace phial::chapters
