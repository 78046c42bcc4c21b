// Metrics as text: Prometheus exposition format 0.0.4 ("text/plain; version=0.0.4; charset=utf-8").
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace phial {

/// Writes one family after the other:
///
///     exposition out("phial");
///     out.family("_uploads_total", "counter", "Files uploaded.");        // phial_uploads_total
///     out.sample({{"result", "written"}}, 7);
///
/// Names must be valid in the format; they are not checked. Label values are escaped.
class exposition {
  public:
    using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// `service`: the prefix for names that begin with an underscore.
    explicit exposition(std::string_view service = {}) : service_(service) {}

    /// Begins a family; the samples that follow belong to it. `type`: counter, gauge or histogram. `help`: a sentence.
    void family(std::string_view name, std::string_view type, std::string_view help);

    void sample(labels pairs, std::uint64_t value);
    void sample(labels pairs, double value);

    /// `counts` is not cumulative. It has one element more than `bounds`, for values above all bounds.
    void histogram(labels pairs, std::span<double const> bounds, std::span<std::uint64_t const> counts, double sum);

    [[nodiscard]] std::string const &text() const noexcept { return text_; }

  private:
    void begin(std::string_view suffix, labels pairs, std::string_view le);
    void end(std::uint64_t value);
    void end(double value);

    std::string service_;
    std::string name_;
    std::string text_;
};

} // namespace phial
