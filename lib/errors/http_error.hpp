// The exception that is an answer. It is defined in lib/http, whose bodies throw it; handlers include it from here.
#pragma once

#include "http/http_error.hpp" // IWYU pragma: export
