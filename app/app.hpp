// The app: all chapters composed into one value. main serves it, tests call it.
#pragma once

#include "phial/auth/users.hpp"
#include "phial/files/file_store.hpp"
#include "phial/http/handler.hpp"
#include "phial/logging/logger.hpp"
#include "phial/routing/blueprint.hpp"

#include <optional>

namespace phial {

/// The whole API, with the tutorial's 404. The references outlive the app. `files`: static_files, if there are any.
[[nodiscard]] app make_app(users const &known, file_store &uploads, logger const &log, bool has_docs = true,
                           std::optional<blueprint> files = std::nullopt);

} // namespace phial
