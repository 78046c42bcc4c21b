#include "phial/typed/answers.hpp"

#include "phial/http/request.hpp"
#include "phial/text/concat.hpp"
#include "phial/typed/write.hpp"

namespace phial {
namespace {

std::string location_for(request const &rq, std::string const &location) {
    auto const root = rq.root_path();
    bool const is_path = location.starts_with('/') && !location.starts_with("//"); // which begins with a host
    if (!is_path || root.empty()) return location;
    auto const end = location.find_first_of("/?#", root.size());
    bool const has_root = location.starts_with(root) && (end == root.size() || location.size() == root.size());
    return has_root ? location : concat(root, location);
}

} // namespace

outcome write_answer(request const &rq, answer_schema const &declared, void const *result) {
    auto const *const value = declared.value(result);
    if (value == nullptr) return http_error(404);
    response rs("application/json", {});
    rs.status(declared.status);
    if (declared.location != nullptr) rs.set("Location", location_for(rq, *declared.location(result)));
    constexpr std::size_t usual = 256;
    rs.body().reserve(usual);
    write_json(*declared.type, value, rs.body());
    rs.body() += '\n';
    return rs;
}

task<response> detail::await_answer(request const &, task<> work) {
    co_await std::move(work);
    co_return response(204);
}

} // namespace phial
