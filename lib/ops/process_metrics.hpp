// What the system reports about this process: memory, CPU, open files.
#pragma once

#include "phial/ops/exposition.hpp"

namespace phial {

/// Appends process_cpu_seconds_total, process_resident_memory_bytes and others, with the names that all Prometheus
/// clients use. What cannot be read is left out. It reads files of /proc: do not call it on a loop that serves clients.
void append_process_metrics(exposition &out);

} // namespace phial
