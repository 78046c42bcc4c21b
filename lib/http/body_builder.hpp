// Builds the body of a response: a string when it is small, a list of held texts when it is large.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/held_text.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial {

class request;

/// request::memory(), for a request that is only declared here. It makes the account if there is none yet.
[[nodiscard]] std::shared_ptr<memory_account> memory_of(request const &rq);

class body_builder {
  public:
    /// Up to this size a body is one string, which is written together with its head.
    static constexpr std::size_t small_body = 16 * 1024;

    /// A large body is counted in `account` (null: nowhere). All functions throw what memory_account::take throws.
    explicit body_builder(std::shared_ptr<memory_account> account) noexcept : account_(std::move(account)) {}
    /// A large body is counted in the account of `rq`, which outlives this.
    explicit body_builder(request const &rq) noexcept : rq_(&rq) {}

    body_builder &operator+=(std::string_view s) {
        if (is_small(s.size())) {
            grow_for(s.size());
            small_ += s;
        } else {
            tail() += s;
        }
        return *this;
    }
    body_builder &operator+=(char c) {
        if (!is_small(1)) return *this += std::string_view(&c, 1);
        grow_for(1);
        small_.push_back(c);
        return *this;
    }

    /// Appends a text without a copy, unless it is small. The text must not change afterwards.
    void share(std::shared_ptr<held_text> text) {
        if (is_small(text->size())) {
            small_ += text->view();
            return;
        }
        add_small();
        texts_.push_back(std::move(text));
        tail_is_ours_ = false;
    }

    /// The same for a text that is not shared.
    void share(held_text &&text) {
        if (!is_small(text.size())) return share(std::make_shared<held_text>(std::move(text)));
        grow_for(text.size());
        small_ += text.view();
    }

    /// take_small() gives the body when it is small, else an empty text. take_large() gives it when it is large, else
    /// null.
    [[nodiscard]] std::string take_small() noexcept { return texts_.empty() ? std::move(small_) : std::string(); }
    [[nodiscard]] std::unique_ptr<body_stream> take_large() {
        if (texts_.empty()) return nullptr;
        add_small();
        return std::make_unique<held_body>(std::move(texts_));
    }

  private:
    [[nodiscard]] bool is_small(std::size_t more) const noexcept {
        return !tail_is_ours_ && small_.size() + more <= small_body;
    }

    // What does not fit into the string itself gets room for a usual body at once.
    void grow_for(std::size_t more) {
        constexpr std::size_t usual_body = 256;
        auto const size = small_.size() + more;
        if (size > small_.capacity()) small_.reserve(std::max({size, 2 * small_.capacity(), usual_body}));
    }

    // A small text next to a shared one is not counted: a body that uses the whole quota can still be sent back.
    void add_small() {
        if (!small_.empty()) texts_.push_back(std::make_shared<held_text>(std::string_view(std::exchange(small_, {}))));
    }

    held_text &tail() {
        if (!tail_is_ours_) {
            if (!account_ && rq_ != nullptr) account_ = memory_of(*rq_);
            texts_.push_back(std::make_shared<held_text>(account_));
            *texts_.back() += std::string_view(small_);
            small_ = {};
            tail_is_ours_ = true;
        }
        return *texts_.back();
    }

    std::shared_ptr<memory_account> account_;
    request const *rq_ = nullptr;
    std::string small_;
    std::vector<std::shared_ptr<held_text>> texts_;
    bool tail_is_ours_ = false; // the last text may be appended to
};

} // namespace phial
