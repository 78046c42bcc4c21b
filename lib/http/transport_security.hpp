// The header field by which a service tells browsers to use nothing but TLS (HSTS, RFC 6797).
#pragma once

#include <string>
#include <string_view>

namespace phial {

/// What Strict-Transport-Security says. A value.
class transport_security {
  public:
    /// No such field.
    transport_security() = default;
    /// "no", or the seconds that browsers remember it (0: they forget it), which the other directives may follow:
    /// "31536000; includeSubDomains; preload". Throws std::invalid_argument, whose text is the end of a sentence.
    explicit transport_security(std::string_view text);

    /// As it is sent, with CR LF; empty: it is not.
    [[nodiscard]] std::string const &line() const noexcept { return line_; }

  private:
    std::string line_;
};

} // namespace phial
