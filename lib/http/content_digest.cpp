// Hashes with OpenSSL's EVP functions as the content arrives.
#include "phial/http/content_digest.hpp"

#include "phial/http/http_error.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/structured_field.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>

namespace phial {
namespace {

struct free_context {
    void operator()(EVP_MD_CTX *c) const noexcept { EVP_MD_CTX_free(c); }
};

EVP_MD const *find_algorithm(std::string_view algorithm) noexcept {
    if (algorithm == "sha-256") return EVP_sha256();
    if (algorithm == "sha-512") return EVP_sha512();
    return nullptr;
}

} // namespace

struct content_digest::hash {
    explicit hash(std::string_view name) : algorithm(name), context(EVP_MD_CTX_new()) {
        if (!context || EVP_DigestInit_ex(context.get(), find_algorithm(name), nullptr) != 1) throw std::bad_alloc();
    }

    std::string_view algorithm; // a string literal
    std::unique_ptr<EVP_MD_CTX, free_context> context;
    std::string value; // set by check()
};

content_digest::content_digest(fields_view fields) {
    read(fields, "Content-Digest");
    read(fields, "Repr-Digest");
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
            auto const size = static_cast<std::size_t>(EVP_MD_get_size(find_algorithm(algorithm)));
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
    for (auto const &h : hashes_) EVP_DigestUpdate(h->context.get(), bytes.data(), bytes.size());
}

void content_digest::check() {
    for (auto const &h : hashes_) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
        unsigned size = 0;
        EVP_DigestFinal_ex(h->context.get(), value.data(), &size);
        h->value.assign(reinterpret_cast<char const *>(value.data()), size);
    }
    for (auto const &e : expected_)
        if (e.digest->value != e.value)
            throw http_error(400, concat("The content is not what was sent: its ", e.digest->algorithm,
                                         " differs from the one in ", e.field, "."));
}

} // namespace phial
