#include "phial/typed/answers.hpp"

#include "phial/typed/write.hpp"

namespace phial {

outcome write_answer(answer_schema const &declared, void const *result) {
    auto const *const value = declared.value(result);
    if (value == nullptr) return http_error(404);
    response rs("application/json", {});
    rs.status(declared.status);
    if (declared.location != nullptr) rs.set("Location", *declared.location(result));
    constexpr std::size_t usual = 256;
    rs.body().reserve(usual);
    write_json(*declared.type, value, rs.body());
    rs.body() += '\n';
    return rs;
}

task<response> detail::await_answer(task<> work) {
    co_await std::move(work);
    co_return response(204);
}

} // namespace phial
