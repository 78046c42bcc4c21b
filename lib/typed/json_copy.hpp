// A member of type json: its text is put together from the parser's events. Private to the module.
#pragma once

#include "phial/http/held_text.hpp"
#include "phial/http/json.hpp"
#include "phial/text/json_text.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace phial {

class json_copy {
  public:
    /// The value that begins now will be `to`, which outlives the copy.
    void begin(json &to, std::shared_ptr<memory_account> const &account) {
        to_ = &to;
        text_ = held_text(account);
    }
    explicit operator bool() const noexcept { return to_ != nullptr; }

    void open(char bracket) { value(std::string_view(&bracket, 1)); }
    void close(char bracket) { text_ += bracket; }
    void key(std::string_view name) {
        string(name);
        text_ += ':';
    }
    void string(std::string_view s) {
        separate();
        append_json_string(text_, s);
    }
    /// A number, true, false or null.
    void value(std::string_view word) {
        separate();
        text_ += word;
    }

    /// The value has ended. Returns the length of its text. Throws what json::parse throws.
    std::size_t end() {
        auto &made = *std::exchange(to_, nullptr);
        made = json::parse(text_, any_depth, text_.account());
        text_ = held_text();
        return made.text().size();
    }

  private:
    static constexpr auto any_depth = static_cast<std::size_t>(-1); // the parser has checked it

    void separate() {
        if (text_.empty()) return;
        char const last = text_.view().back();
        if (last != '{' && last != '[' && last != ':') text_ += ',';
    }

    json *to_ = nullptr;
    held_text text_;
};

} // namespace phial
