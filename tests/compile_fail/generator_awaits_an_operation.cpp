// expect: phial: a generator awaits a task<T>, such as pause(1s): put any other wait into a function that returns one
#include "phial/http/generator.hpp"
#include "phial/runtime/timer.hpp"

phial::pieces wait(phial::request &, phial::timer &end) {
    co_await end.async_wait(phial::as_values);
    co_yield "end";
}
