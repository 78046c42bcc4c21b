// Metrics and log records of the app's parts, for the operator.
#pragma once

#include "app/settings.hpp"
#include "phial/files/file_store.hpp"
#include "phial/logging/logger.hpp"
#include "phial/ops/exposition.hpp"

#include <cstddef>

namespace phial {

void append_upload_metrics(exposition &out, file_store const &uploads);

/// Logs the records at start. `removed`: files that a killed process had left.
void report_start(settings const &s, std::size_t removed, logger const &log);

} // namespace phial
