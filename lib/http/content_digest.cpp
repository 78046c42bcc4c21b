// Hashes as the content arrives.
#include "phial/http/content_digest.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/structured_field.hpp"

#include <nettle/nettle-meta.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace phial {
namespace {

constexpr std::string_view in_content = "Content-Digest";
constexpr std::string_view in_representation = "Repr-Digest";

nettle_hash const *find_algorithm(std::string_view algorithm) noexcept {
    if (algorithm == "sha-256") return &nettle_sha256;
    if (algorithm == "sha-512") return &nettle_sha512;
    return nullptr;
}

} // namespace

struct content_digest::hash {
    explicit hash(std::string_view name)
        : algorithm(name),
          functions(*find_algorithm(name)),
          context(std::make_unique<std::max_align_t[]>(functions.context_size / sizeof(std::max_align_t) + 1)) {
        functions.init(context.get());
    }

    std::string_view algorithm; // a string literal
    nettle_hash const &functions;
    std::unique_ptr<std::max_align_t[]> context;
    std::string value; // set by check()
};

bool content_digest::is_in(fields_view fields) noexcept {
    return std::any_of(fields.begin(), fields.end(), [](field const &line) {
        return iequals(line.name, in_content) || iequals(line.name, in_representation);
    });
}

content_digest::content_digest(fields_view fields) {
    read(fields, in_content);
    read(fields, in_representation);
}

content_digest::content_digest(content_digest &&) noexcept = default;
content_digest &content_digest::operator=(content_digest &&) noexcept = default;
content_digest::~content_digest() = default;

void content_digest::read(fields_view fields, std::string_view field) {
    if (!fields.find(field)) return;
    auto const members = parse_dictionary(fields.joined(field));
    if (!members) throw http_error(400, concat(field, " is not a dictionary of digests, such as sha-256=:<base64>:."));
    for (auto const &m : *members) {
        for (std::string_view const algorithm : {"sha-256", "sha-512"}) {
            if (m.key != algorithm) continue;
            auto const size = std::size_t{find_algorithm(algorithm)->digest_size};
            if (!m.bytes || m.bytes->size() != size)
                throw http_error(400, concat("The ", algorithm, " in ", field, " is not the base64 of ", size,
                                             " bytes between colons."));
            expected_.push_back({&hash_of(algorithm), *m.bytes, field});
        }
    }
}

content_digest::hash &content_digest::hash_of(std::string_view algorithm) {
    for (auto const &h : hashes_)
        if (h->algorithm == algorithm) return *h;
    return *hashes_.emplace_back(std::make_unique<hash>(algorithm));
}

void content_digest::update(std::string_view bytes) {
    for (auto const &h : hashes_)
        h->functions.update(h->context.get(), bytes.size(), reinterpret_cast<std::uint8_t const *>(bytes.data()));
}

void content_digest::check() {
    for (auto const &h : hashes_) {
        h->value.resize(h->functions.digest_size);
        h->functions.digest(h->context.get(), h->value.size(), reinterpret_cast<std::uint8_t *>(h->value.data()));
    }
    for (auto const &e : expected_)
        if (e.digest->value != e.value)
            throw http_error(400, concat("The content is not what was sent: its ", e.digest->algorithm,
                                         " differs from the one in ", e.field, "."));
}

} // namespace phial
