// A service whose handlers declare everything that can be declared, for the tests that play its document.
#include "phial/auth/requires_auth.hpp"
#include "phial/errors/handle_errors.hpp"
#include "phial/openapi/documentation.hpp"
#include "phial/routing/url_for.hpp"
#include "phial/runtime/timer.hpp"
#include "phial/service/run_service.hpp"
#include "phial/service/service.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace phial;

namespace {

struct slug {
    static constexpr std::string_view pattern = "^[a-z]+(-[a-z]+)*$";
    static constexpr std::string_view expected = "small letters, with single hyphens between them";
    static constexpr std::string_view example = "my-tag";
    static bool matches(std::string_view text) noexcept {
        bool is_letter = false;
        for (char const c : text) {
            if (c == '-' ? !is_letter : c < 'a' || c > 'z') return false;
            is_letter = c != '-';
        }
        return is_letter;
    }
};
enum class kind { plain, urgent, delete_ };
struct address {
    text_of<1, 100> street;
    text_of<2, 2> country = "DE";
    std::optional<number_of<-90.0, 90.0>> latitude;
};
struct step {
    text_of<1, 20> name;
    list_of<step, 3> then = {};
};
struct new_note {
    text_of<1, 200> title;
    text_of<0, 1000> content = "";
    list_of<text_of<1, 40, slug>, 5> tags = {};
    number_of<1, 5> priority = 3;
    number_of<0.0, 1.0> weight = 0.5;
    bool pinned = false;
    kind type = kind::plain;
    std::optional<kind> second_type;
    std::optional<moment> due;
    std::optional<date> day;
    address from;
    std::optional<address> to;
    map_of<number_of<0, 1000>, 4> counts = {};
    std::optional<json> extra;
    list_of<step> steps = {};
    std::int32_t small = -1;
    std::uint64_t large = 1;
    double any_number = 1.5;
    number_of<-10, -1> negative = -1;
    float fraction = 0.1F;
    static constexpr std::string_view description = "A note to keep.";
    static constexpr member_note member_notes[] = {{.member = "title", .description = "One line."},
                                                   {.member = "any_number", .name = "any-number"}};
};
struct note {
    std::int64_t id;
    new_note content;
};
struct change {
    std::optional<text_of<1, 200>> title;
    std::optional<std::optional<moment>> due;
    static constexpr bool open = true;
};
struct paging {
    number_of<1, 100> limit = 10;
    number_of<0, 1000000> offset = 0;
    std::optional<text_of<1, 40>> word;
    std::vector<kind> type;
    bool pinned = true;
};
struct strict_paging {
    number_of<1, 100> limit;
    date since;
    static constexpr bool strict = true;
};
struct condition {
    std::optional<text_of<1, 100>> if_match;
    std::optional<number_of<1, 9>> x_weight;
    std::vector<std::int64_t> x_ids;
};
struct greeting {
    text_of<1, 30> name;
    number_of<1, 3> times = 1;
    list_of<text_of<0, 9>, 3> word = {};
};
struct said {
    std::string text;
    std::vector<std::string> word;
};

class notes {
  public:
    note add(new_note content) {
        std::scoped_lock const hold(mutex_);
        note const added{++last_, std::move(content)};
        all_.emplace(added.id, added);
        return added;
    }
    std::optional<note> find(std::int64_t id) const {
        std::scoped_lock const hold(mutex_);
        auto const at = all_.find(id);
        return at == all_.end() ? std::nullopt : std::optional(at->second);
    }
    std::vector<note> list(std::int64_t offset, std::int64_t limit) const {
        std::scoped_lock const hold(mutex_);
        std::vector<note> found;
        for (auto const &[id, one] : all_)
            if (offset-- <= 0 && std::ssize(found) < limit) found.push_back(one);
        return found;
    }
    bool drop(std::int64_t id) {
        std::scoped_lock const hold(mutex_);
        return all_.erase(id) != 0;
    }

  private:
    std::mutex mutable mutex_;
    std::map<std::int64_t, note> all_;
    std::int64_t last_ = 0;
};

inline constexpr route<"/notes/<int:id>", "note"> one_note;

task<created<note>> add(notes &all, request &rq, body<new_note> in) {
    auto made = all.add(std::move(in));
    co_return created<note>{url_for(rq, one_note, made.id), std::move(made)};
}
task<std::vector<note>> list(notes const &all, request &, query<paging> page) {
    co_return all.list(page.offset, page.limit);
}
task<std::optional<note>> find(notes const &all, request &, std::int64_t id) { co_return all.find(id); }
task<note> modify(notes const &all, request &, std::int64_t id, body<change> in, header<condition> only) {
    auto found = all.find(id);
    if (!found) throw http_error(404);
    if (only.if_match.value_or("*") != "*") throw http_error(412);
    if (in.title) found->content.title = *in.title;
    co_return *found;
}
task<> drop(notes &all, request &, std::int64_t id) {
    if (!all.drop(id)) throw http_error(404, "There is no such note.");
    co_return;
}
task<said> say(request &, form<greeting> in) {
    std::string text;
    for (auto n = in.times; n > 0; n = n - 1) text += "Hello " + in.name + "! ";
    co_return said{text, {in.word.begin(), in.word.end()}};
}
task<std::vector<std::string>> since(request &, query<strict_paging> page) {
    co_return std::vector<std::string>(static_cast<std::size_t>(page.limit), "x");
}
task<step> mirror(request &, body<step> in) { co_return std::move(in); }
task<json> any(request &, body<map_of<json>> in) { co_return json(in.size()); }
response raw(request &rq) { return text("measure ", rq.path()); }
task<std::map<std::string, double>> measures(request &, double x) { co_return std::map<std::string, double>{{"x", x}}; }

// For tests of debug mode: a form is read, and then something fails.
task<response> fail(request &rq) {
    if (rq.content_type().is("multipart/form-data")) {
        auto parts = rq.parts();
        while (co_await parts.next() != nullptr) (void)co_await parts.text();
    } else {
        (void)co_await rq.form();
    }
    throw std::runtime_error("failed after the form");
}
task<response> wait(request &) {
    timer end(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
    co_await end.async_wait(use_task);
    co_return text("late");
}

blueprint note_routes(notes &all, users const &known) {
    blueprint bp("/api");
    bp.post<"/notes">(add, all).summary("Keep a note").description("It gets a number.\n\nSee `GET /api/notes`.");
    bp.get<"/notes">(list, std::as_const(all)).summary("Some notes");
    bp.get(one_note, find, std::as_const(all));
    bp.patch(one_note, modify, std::as_const(all))
        .answers(404, "There is no such note.")
        .answers(412, "The note is not that version any more.");
    bp.delete_(one_note, drop, all).use(requires_auth, known, "Notes").answers(404, "There is no such note.");
    return bp;
}

blueprint other_routes() {
    blueprint bp;
    bp.post<"/say">(say);
    bp.get<"/since">(since);
    bp.put<"/mirror">(mirror).body_limit(2_KiB);
    bp.post<"/any">(any);
    bp.get<"/raw/<path:rest>">([](request &rq, std::string_view) { return raw(rq); }).gives("text/plain");
    bp.get<"/measures/<float:x>">(measures);
    bp.get<"/untold">(raw);
    bp.get<"/secret">(raw).hidden();
    bp.post<"/fail">(fail).hidden();
    bp.get<"/wait">(wait).deadline(std::chrono::seconds(1)).hidden();
    bp.post<"/length">([](request &rq) -> task<response> { co_return text((co_await rq.data()).size()); })
        .body_limit(2_KiB)
        .hidden();
    return bp;
}

int serve(service_settings const &set) {
    service s(set);
    notes all;
    router routes;
    routes.mount(note_routes(all, s.known_users()));
    routes.mount(other_routes());
    routes.mount(documentation({.title = "Sample <1>", .version = "1.0.0", .license = "BSL-1.0"}, routes));
    return s.run(handle_errors({}, s.log(), std::move(routes)));
}

} // namespace

int main(int argc, char **argv) {
    service_settings set{.name = "sample", .version = "1.0.0"};
    set.without_file = fixed_login{"admin", "secret"};
    return run_service({argv, argv + argc}, set, serve);
}
