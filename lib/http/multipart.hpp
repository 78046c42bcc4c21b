// Reads the parts of a multipart/form-data body as they arrive.
#pragma once

#include "phial/http/body.hpp"
#include "phial/http/form.hpp"
#include "phial/http/held_text.hpp"
#include "phial/http/memory_account.hpp"
#include "phial/http/multipart_parser.hpp"
#include "phial/text/charset.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace phial {

class worker_pool;

///     auto parts = rq.parts();
///     while (auto const *part = co_await parts.next()) ...       part->name, part->filename, part->content_type
///         while (auto bytes = co_await parts.data()) ...         or co_await parts.text()
///
/// Memory does not grow with the body. All calls throw what body_stream::next and multipart_parser throw.
class multipart_reader {
  public:
    /// limits.body_in_memory is the limit for all texts read with text() together (413); they are counted in `account`.
    /// `computing` runs long work on them, see compute(). The fields that text() reads are also put into `shown`, by
    /// keep_to_show (null: they are not). `body`, `computing` and `shown` outlive the reader.
    multipart_reader(body_stream &body, std::string_view boundary, message_limits const &limits,
                     std::shared_ptr<memory_account> account = nullptr, worker_pool *computing = nullptr,
                     form_fields *shown = nullptr)
        : body_(body),
          account_(std::move(account)),
          computing_(computing),
          shown_(shown),
          parser_(boundary, limits),
          text_left_(limits.body_in_memory) {}

    /// The next part; skips what was not read of the part before. Null at the end of the body. The part lives until the
    /// next call.
    [[nodiscard]] task<part_head const *> next();

    /// The next bytes of the part; nothing at its end. The view lives until the next call.
    [[nodiscard]] task<std::optional<std::string_view>> data();

    /// The rest of the part as UTF-8 text, decoded by the charset of its Content-Type, or else by the charset that an
    /// earlier field _charset_ names; bytes that are invalid in it become U+FFFD. Throws http_error(415) as
    /// require_charset does.
    [[nodiscard]] task<held_text> text();

  private:
    task<multipart_parser::event> event();

    body_stream &body_;
    std::shared_ptr<memory_account> account_;
    worker_pool *computing_;
    form_fields *shown_;
    multipart_parser parser_;
    std::string_view input_;
    std::uint64_t text_left_;
    charset charset_ = charset::utf_8;
    bool in_part_ = false;
    bool ended_ = false;     // the body has ended
    bool completed_ = false; // the final boundary was found
};

} // namespace phial
