#include "phial/typed/call.hpp"

#include "phial/http/computing.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/json_pointer.hpp"
#include "phial/typed/faults.hpp"
#include "phial/typed/read.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace phial {
namespace {

// The elements of a list (RFC 9110 5.6.1); a comma in quotes is part of one.
void append_elements(std::vector<name_and_value> &to, std::string_view name, std::string_view list) {
    bool is_quoted = false;
    std::size_t begin = 0;
    for (std::size_t n = 0; n <= list.size(); ++n) {
        if (n < list.size() && list[n] == '"') is_quoted = !is_quoted;
        if (n < list.size() && (list[n] != ',' || is_quoted)) continue;
        auto const one = trim(list.substr(begin, n - begin));
        if (!one.empty()) to.emplace_back(name, one);
        begin = n + 1;
    }
}

// Those that T names; the others may be many.
std::vector<name_and_value> fields_for(request const &rq, schema const &type) {
    std::vector<name_and_value> wanted;
    for (auto const &m : type.members) {
        auto const before = wanted.size();
        for (auto const &f : rq.headers()) {
            if (!is_field_name(m.name, f.name)) continue;
            if (m.type->kind == schema_kind::array)
                append_elements(wanted, f.name, f.value);
            else if (wanted.size() > before)
                wanted.back().second.append(", ").append(f.value); // several lines are one list: RFC 9110 5.3
            else
                wanted.emplace_back(f.name, f.value);
        }
    }
    return wanted;
}

class reading {
  public:
    reading(request &rq, std::span<input_schema const> inputs, typed_call &call)
        : rq_(rq),
          inputs_(inputs),
          call_(call),
          held_(rq.kept_memory()) {}

    // The input that is read from the body, if there is one.
    [[nodiscard]] input_schema const *content() const noexcept {
        auto const found = std::find_if(inputs_.begin(), inputs_.end(), [](auto const &i) { return i.is_content(); });
        return found == inputs_.end() ? nullptr : &*found;
    }

    void read_head() {
        for (auto const &i : inputs_) {
            if (i.source == input_source::query)
                read_pairs(*i.type, object(i), pair_source::query, rq_.args(), held_, found_);
            else if (i.source == input_source::header)
                read_pairs(*i.type, object(i), pair_source::header, fields_for(rq_, *i.type), held_, found_);
        }
    }

    [[nodiscard]] std::optional<http_error> read_body(input_schema const &i, std::string_view text) {
        return read_json(*i.type, object(i), text, rq_.limits().json_depth, held_, found_);
    }
    void read_form(input_schema const &i, std::span<name_and_value const> fields) {
        read_pairs(*i.type, object(i), pair_source::form, fields, held_, found_);
    }

    [[nodiscard]] std::optional<http_error> end() {
        if (found_.empty()) return std::nullopt;
        return unprocessable(std::move(found_));
    }

  private:
    [[nodiscard]] void *object(input_schema const &i) const noexcept {
        return call_.input(static_cast<std::size_t>(&i - inputs_.data()));
    }

    request &rq_;
    std::span<input_schema const> inputs_;
    typed_call &call_;
    memory_share &held_; // until the response has been sent
    fault_list found_;
};

http_error unsupported(std::string_view accepted) {
    return http_error(415, concat("Send ", accepted, ".")).add("Accept", accepted);
}

std::optional<http_error> wrong_media_type(request const &rq, input_source source) {
    auto const type = rq.content_type();
    if (source == input_source::body) {
        if (!type.is_json()) return unsupported("application/json");
    } else if (!type.is("application/x-www-form-urlencoded") && !type.is("multipart/form-data")) {
        return unsupported("application/x-www-form-urlencoded, multipart/form-data");
    }
    return std::nullopt;
}

fault file_fault(std::string_view name) {
    fault f{.detail = "is a file", .expected = "a field"};
    append_pointer_token(f.pointer, name);
    return f;
}

task<held_fields> parts_of(request &rq) {
    held_fields fields;
    fields.share = memory_share(rq.memory());
    auto parts = rq.parts();
    while (auto const *const part = co_await parts.next()) {
        if (part->filename) throw unprocessable({file_fault(part->name)});
        auto name = part->name;
        auto const value = co_await parts.text();
        fields.share.grow(sizeof(name_and_value) + name.size() + value.size());
        fields.emplace_back(std::move(name), value.str());
    }
    co_return fields;
}

} // namespace

bool read_inputs(request &rq, std::span<input_schema const> inputs, typed_call &call,
                 std::optional<http_error> &refused) {
    reading now(rq, inputs, call);
    auto const *const content = now.content();
    if (content != nullptr) {
        if (content->source != input_source::body) return false;
        refused = wrong_media_type(rq, content->source);
        if (refused) return true;
        auto const arrived = rq.arrived_content();
        if (!arrived) return false;
        refused = now.read_body(*content, *arrived);
    }
    if (!refused) {
        now.read_head();
        refused = now.end();
    }
    return true;
}

task<response> call_later(request &rq, std::span<input_schema const> inputs, std::unique_ptr<typed_call> call) {
    {
        reading now(rq, inputs, *call);
        auto const &content = *now.content();
        auto refused = wrong_media_type(rq, content.source);
        if (refused) throw std::move(*refused);
        if (content.source == input_source::body) {
            auto const text = co_await rq.data();
            refused = co_await rq.compute(text.size(), [&] { return now.read_body(content, text); });
            if (refused) throw std::move(*refused);
        } else if (rq.content_type().is("multipart/form-data")) {
            now.read_form(content, co_await parts_of(rq));
        } else {
            now.read_form(content, co_await rq.form());
        }
        now.read_head();
        refused = now.end();
        if (refused) throw std::move(*refused);
    }
    co_return co_await outcome::as_task(call->call(rq), rq);
}

} // namespace phial
