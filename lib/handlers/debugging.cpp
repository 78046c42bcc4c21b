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
    bp.get<"/error">(fail);
    return bp;
}

} // namespace phial::chapters
