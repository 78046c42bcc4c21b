// Reading what a handler declares, before it is called.
#pragma once

#include "phial/http/handler.hpp"
#include "phial/http/http_error.hpp"
#include "phial/http/request.hpp"
#include "phial/runtime/task.hpp"
#include "phial/typed/inputs.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace phial {

/// A call that is made when its inputs have been read.
class typed_call {
  public:
    virtual ~typed_call() = default;
    /// The object of the nth input.
    [[nodiscard]] virtual void *input(std::size_t n) noexcept = 0;
    /// Calls the handler. The inputs are moved from.
    [[nodiscard]] virtual outcome call(request &rq) = 0;
};

/// Reads the inputs, without waiting. False if they must be waited for: then call_later() does it. `refused` is the
/// error if they cannot be used. Throws what reading a body throws.
[[nodiscard]] bool read_inputs(request &rq, std::span<input_schema const> inputs, typed_call &call,
                               std::optional<http_error> &refused);

/// Waits for the body, reads the inputs, and calls.
task<response> call_later(request &rq, std::span<input_schema const> inputs, std::unique_ptr<typed_call> call);

} // namespace phial
