// Integrity of content: Content-Digest and Repr-Digest (RFC 9530).
#pragma once

#include "phial/http/fields.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Checks content against the sha-256 and sha-512 digests sent with it; other algorithms are ignored. In a request both
/// fields describe the same bytes: the content with its coding. (A part of a representation would have a Content-Range,
/// which no handler here accepts.)
class content_digest {
  public:
    /// Whether one of the fields was sent.
    [[nodiscard]] static bool is_in(fields_view fields) noexcept;

    /// Throws http_error(400) when one of the fields is not a dictionary (RFC 8941 3.2) or holds a malformed digest.
    explicit content_digest(fields_view fields);
    content_digest(content_digest &&) noexcept;
    content_digest &operator=(content_digest &&) noexcept;
    ~content_digest();

    /// Whether there is nothing to check.
    [[nodiscard]] bool empty() const noexcept { return expected_.empty(); }

    /// The next bytes of the content.
    void update(std::string_view bytes);

    /// Call it at the end of the content. Throws http_error(400) when a digest does not match.
    void check();

  private:
    struct hash;
    struct expectation {
        hash *digest;
        std::string value;
        std::string_view field; // the name of the field
    };

    void read(fields_view fields, std::string_view field);
    hash &hash_of(std::string_view algorithm);

    std::vector<std::unique_ptr<hash>> hashes_;
    std::vector<expectation> expected_;
};

} // namespace phial
