// What most unit tests include.
#pragma once

#include "phial/testing/fake_request.hpp"
#include "phial/testing/memory_log.hpp"
#include "phial/testing/run.hpp"
#include "phial/testing/temporary_folder.hpp"
#include "phial/testing/test_client.hpp"
#include "phial/testing/waiting.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>
