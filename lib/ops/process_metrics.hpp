// What the system knows of this process: memory, CPU, open files.
#pragma once

#include "phial/ops/exposition.hpp"

namespace phial {

/// Appends process_cpu_seconds_total, process_resident_memory_bytes and their like, by the names every Prometheus
/// client has for them. What cannot be read is left out. Reads files of /proc: not for a loop that serves clients.
void append_process_metrics(exposition &out);

} // namespace phial
