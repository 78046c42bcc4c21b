// A service of its own on phial: its name, a setting, a counter, a readiness check, two routes.
#include <phial/errors/handle_errors.hpp>
#include <phial/routing/router.hpp>
#include <phial/service/run_service.hpp>
#include <phial/service/service.hpp>

#include <string>
#include <string_view>
#include <utility>

using namespace phial;

namespace {

task<response> show(std::string const &greeting, request &rq) { co_return jsonify(rq, {{"greeting", greeting}}); }

task<response> greet(std::string const &greeting, shared_counter &greetings, request &, std::string_view name) {
    ++greetings;
    co_return text(greeting, ", ", name, "\n");
}

int serve(service_settings const &set, std::string const &greeting) {
    service s(set);
    auto &greetings = s.counter("_greetings_total", "Greetings said.");
    s.add_check("greeting_given", [&] { return !greeting.empty(); });
    blueprint bp;
    bp.get<"/">(show, greeting);
    bp.get<"/greet/<name>">(greet, greeting, greetings);
    router routes;
    routes.mount(std::move(bp));
    return s.run(handle_errors({}, s.log(), std::move(routes)));
}

} // namespace

int main(int argc, char **argv) {
    service_settings set{.name = "hello", .version = "1.0.0"};
    set.server.port = 8000;
    std::string greeting = "Hello";
    auto const add_own = [&](settings_table &table) {
        table.group("Greeting");
        table.add(words("greeting", greeting, "WORD", "what it says"));
    };
    return run_service({argv, argv + argc}, set, [&](auto const &read) { return serve(read, greeting); }, add_own);
}
