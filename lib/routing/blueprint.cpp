#include "phial/routing/blueprint.hpp"

#include <limits>
#include <stdexcept>

namespace phial {

blueprint::blueprint(std::string prefix) : prefix_(std::move(prefix)) {
    if (prefix_.empty()) return;
    auto const parsed = parse_pattern(prefix_);
    if (parsed.error != pattern_error::none || parsed.parameters() != 0 || prefix_.ends_with('/'))
        throw std::invalid_argument("blueprint: the prefix '" + prefix_ +
                                    "' is not like '/shop': a slash in front, none at the end, no parameters");
    tag_ = {prefix_.substr(1), "The addresses under " + prefix_ + "."};
}

using entry = blueprint::entry;

entry &entry::body_limit(std::uint64_t bytes) {
    limits.body = bytes;
    return *this;
}

entry &entry::deadline(std::chrono::seconds time) {
    if (time.count() < 1 || time.count() > std::numeric_limits<unsigned>::max())
        throw std::invalid_argument("deadline: " + std::to_string(time.count()) + " seconds are not a time to work in");
    limits.handler_seconds = static_cast<unsigned>(time.count());
    return *this;
}

entry &entry::summary(std::string text) {
    notes.summary = std::move(text);
    return *this;
}

entry &entry::description(std::string text) {
    notes.description = std::move(text);
    return *this;
}

entry &entry::answers(unsigned status, std::string when, std::string media_type) {
    if (status < 400 || status > 599)
        throw std::invalid_argument("answers: " + std::to_string(status) + " is not the status code of an error");
    notes.answers.push_back({status, std::move(when), std::move(media_type)});
    return *this;
}

entry &entry::hidden() {
    notes.is_hidden = true;
    return *this;
}

entry &entry::takes(std::string media_type) {
    notes.takes.push_back({std::move(media_type), nullptr});
    return *this;
}

entry &entry::add_input(input_schema input) {
    notes.inputs.push_back(input);
    return *this;
}

entry &entry::add_result(std::string media_type, schema const *type, unsigned status) {
    notes.gives.push_back({status, {std::move(media_type), type}});
    return *this;
}

} // namespace phial
