// A service of its own on phial: its name, a setting, a counter, a readiness check, two routes.
#include <phial/errors/handle_errors.hpp>
#include <phial/routing/router.hpp>
#include <phial/service/process.hpp>
#include <phial/service/service.hpp>

#include <cstdio>
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
    prepare_process();
    return run_main([&] {
        service_settings set{.name = "hello", .version = "1.0.0"};
        set.server.port = 8000;
        std::string greeting = "Hello";
        settings_table table("HELLO_");
        add_rows(table, set);
        table.group("Greeting");
        table.add(words("greeting", greeting, "WORD", "what it says"));
        if (table.read({argv + 1, argv + argc}) != settings_table::question::none) {
            std::fputs(table.help().c_str(), stdout);
            return 0;
        }
        complete(table, set);
        table.require_no_faults();
        return serve(set, greeting);
    });
}
