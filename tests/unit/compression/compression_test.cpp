// Which responses are compressed, and that clients can decode them.
#include "phial/compression/compression.hpp"

#include "phial/http/events.hpp"
#include "phial/http/generator.hpp"
#include "phial/http/handler.hpp"
#include "phial/runtime/pause.hpp"
#include "phial/runtime/worker_pool.hpp"
#include "phial/text/concat.hpp"

#include <boost/test/unit_test.hpp>
#include <compression/decode.hpp>
#include <support/support.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace phial;
using namespace phial::testing;
using namespace std::literals;

namespace {

using enum compression::codings;

constexpr char text_type[] = "text/plain; charset=utf-8";

std::string lines_of(std::size_t size) {
    std::string out;
    for (unsigned n = 0; out.size() < size; ++n) out += concat("line ", n * 7919, " of a text\n");
    out.resize(size);
    return out;
}

pieces slowly(std::vector<std::string> parts) {
    for (auto const &one : parts) {
        co_yield one;
        co_await pause(1ms);
    }
}

// What a client that sends this gets from a handler.
template <class F>
response get(F handler, std::string accept, compression how = {.offered = all}, std::string method = "GET") {
    auto const a = compressed(app{std::move(handler), [](request &) { return response(500); }}, how);
    test_client const client(a);
    if (accept.empty()) return client.send(std::move(method), "/");
    return client.send(std::move(method), "/", {{"Accept-Encoding", std::move(accept)}});
}

task<response> refuse(request &) { co_return response(500); }

response plain(request &) { return {text_type, lines_of(2000)}; }

} // namespace

BOOST_AUTO_TEST_SUITE(compression_)

BOOST_AUTO_TEST_CASE(the_coding_with_the_highest_weight_is_chosen) {
    struct {
        std::string_view accept;
        compression::codings offered;
        std::string_view chosen; // empty: none
    } const cases[] = {
        {"", all, ""},
        {"gzip", all, "gzip"},
        {"gzip", gzip, "gzip"},
        {"gzip", none, ""},
        {"br", gzip, ""},
        {"gzip, br, zstd", gzip, "gzip"},
        {"gzip, deflate, br, zstd", all, "zstd"},
        {"gzip, deflate, br", all, "br"},
        {"gzip;q=1, br;q=0.5", all, "gzip"},
        {"br;q=0.5, gzip;q=0.51", all, "gzip"},
        {"*", all, "zstd"},
        {"*", gzip, "gzip"},
        {"*;q=0", all, ""},
        {"zstd;q=0, *", all, "br"},
        {"*;q=0, gzip", all, "gzip"},
        {"gzip;q=0", all, ""},
        {"gzip;q=0.0", all, ""},
        {"gzip;q=0.001", all, "gzip"},
        {"identity", all, ""},
        {"identity;q=0, gzip", all, "gzip"},
        {"identity;q=0", all, ""}, // nothing else is acceptable either: as it is
        {"identity, gzip", all, "gzip"},
        {"identity;q=1, gzip;q=0.5", all, ""},
        {"identity;q=0.5, gzip;q=0.5", all, "gzip"},
        {"GZip", all, "gzip"},
        {"x-gzip", all, "gzip"},
        {"gzip;q=2", all, ""},
        {"gzip;q=x", all, ""},
        {"gzip;", all, ""},
        {", ,gzip,,", all, "gzip"},
        {"deflate, compress, unknown", all, ""},
    };
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.accept) {
            auto const chosen = preferred_coding(c.accept, c.offered);
            BOOST_TEST((chosen ? to_string(*chosen) : "") == c.chosen);
        }
    }
}

BOOST_AUTO_TEST_CASE(text_is_worth_it_and_what_is_compressed_already_is_not) {
    for (auto const *type : {"text/html", "text/plain; charset=utf-8", "TEXT/CSV", "application/json",
                             "application/problem+json", "image/svg+xml", "application/atom+xml", "application/xml",
                             "application/javascript", "application/x-ndjson", "application/wasm", "font/ttf"})
        BOOST_TEST(is_worth_compressing(type), type);
    for (auto const *type :
         {"image/png", "image/jpeg", "video/mp4", "application/gzip", "application/zip", "application/octet-stream",
          "font/woff2", "multipart/byteranges; boundary=x", "", "text", "application/pdf", "image/+xml/x"})
        BOOST_TEST(!is_worth_compressing(type), type);
}

BOOST_AUTO_TEST_CASE(every_coding_gives_the_content_back_whatever_its_size_and_its_pieces) {
    for (auto const *accept : {"gzip", "br", "zstd"}) {
        for (auto const size : {1024U, 16U * 1024, 16U * 1024 + 1, 64U * 1024, 3'000'000U}) {
            BOOST_TEST_CONTEXT(accept << " " << size) {
                auto const content = lines_of(size);
                auto const whole = get([&](request &) { return response(text_type, content); }, accept);
                BOOST_TEST(whole.get("Content-Encoding") == accept);
                BOOST_TEST(whole.get("Vary") == "Accept-Encoding");
                BOOST_TEST(whole.body().size() < size / 2);
                BOOST_TEST((decoded(accept, whole.body()) == content));
                auto const streamed = get([&](request &) { return stream(slowly(cut(content, size / 3))); }, accept);
                BOOST_TEST(streamed.get("Content-Encoding") == accept);
                BOOST_TEST((decoded(accept, streamed.body()) == content));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(long_pieces_are_compressed_by_the_pool) {
    worker_pool pool(1);
    auto const content = lines_of(1'000'000);
    auto const a =
        compressed(app{[&](request &) { return response(text_type, content); }, refuse}, {}, {.pool = &pool});
    auto const rs = test_client(a).get("/", {{"Accept-Encoding", "gzip"}});
    BOOST_TEST((decoded("gzip", rs.body()) == content));
}

BOOST_AUTO_TEST_CASE(what_a_generator_has_yielded_can_be_decoded_when_it_waits) {
    for (auto const *accept : {"gzip", "br", "zstd"}) {
        BOOST_TEST_CONTEXT(accept) {
            fake_request rq("GET", "/", {{"Accept-Encoding", accept}});
            auto const a = compressed(app{[](request &) { return stream(slowly({"first", "second"})); },
                                          [](request &) { return response(500); }},
                                      {.offered = all});
            auto rs = call(a, rq);
            a.filter(rq, rs);
            run([](body_stream &from, std::string coding) -> task<> {
                std::string all_bytes;
                auto const first = co_await from.next();
                BOOST_REQUIRE(first);
                all_bytes += *first;
                BOOST_TEST(decoded_so_far(coding, all_bytes) == "first");
                while (auto const more = co_await from.next()) all_bytes += *more;
                BOOST_TEST(decoded(coding, all_bytes) == "firstsecond");
            }(*rs.stream(), accept));
        }
    }
}

BOOST_AUTO_TEST_CASE(these_responses_are_left_as_they_are) {
    auto const body = lines_of(5000);
    struct {
        char const *what;
        handler give;
        bool varies = false;
    } cases[] = {
        {"too small", [](request &) { return response(text_type, std::string(1023, 'a')); }},
        {"an image", [&](request &) { return response("image/png", body); }},
        {"no content type", [&](request &) { return response("", body); }},
        {"partial", [&](request &) { return response(text_type, body).status(206); }},
        {"coded already", [&](request &) { return response(text_type, body).set("Content-Encoding", "br"); }},
        {"a digest of the content",
         [&](request &) { return response(text_type, body).set("Content-Digest", "sha-256=:YQ==:"); }},
        {"no-transform",
         [&](request &) { return response(text_type, body).set("Cache-Control", "private, No-Transform"); }},
        {"events", [](request &) { return stream([]() -> events { co_yield event(std::string(5000, 'a')); }()); }},
        {"a short stream",
         [](request &) {
             return response(text_type, "").stream(std::make_unique<string_body>(std::string(500, 'a')));
         }},
        {"not smaller",
         [](request &) {
             std::string noise;
             for (std::uint32_t n = 1; noise.size() < 1500; n = n * 1664525 + 1013904223)
                 noise += static_cast<char>(n >> 24U);
             return response(text_type, noise);
         },
         true},
    };
    for (auto &c : cases) {
        BOOST_TEST_CONTEXT(c.what) {
            auto const a = compressed(app{std::move(c.give), [](request &) { return response(500); }}, {});
            auto const rs = test_client(a).get("/", {{"Accept-Encoding", "gzip"}});
            BOOST_TEST(rs.get("Content-Encoding") != "gzip");
            BOOST_TEST((rs.get("Vary") == "Accept-Encoding") == c.varies);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_response_that_could_be_compressed_says_so_to_caches) {
    BOOST_TEST(get(plain, "").get("Vary") == "Accept-Encoding");
    BOOST_TEST(get(plain, "identity").body() == lines_of(2000));
    auto const two = get([](request &rq) { return plain(rq).add("Vary: Accept, accept-encoding"); }, "gzip");
    BOOST_TEST(two.get("Vary") == "Accept, accept-encoding");
    BOOST_TEST(two.field_lines().find("Vary") == std::string::npos);
    BOOST_TEST(get(plain, "gzip", {.offered = none}).get("Vary").empty());
    BOOST_TEST(get(plain, "gzip", {.least = 2001}).get("Vary").empty());
    BOOST_TEST(get(plain, "gzip", {.least = 2000}).get("Content-Encoding") == "gzip");
}

BOOST_AUTO_TEST_CASE(a_strong_entity_tag_names_the_coding) {
    struct {
        std::string_view tag, coded;
    } const cases[] = {{R"("v7")", R"("v7-gzip")"}, {R"(W/"v7")", R"(W/"v7")"}, {R"("")", R"("-gzip")"}};
    for (auto const &c : cases) {
        auto const tagged = [&](request &rq) { return plain(rq).set("ETag", c.tag).set("Accept-Ranges", "bytes"); };
        BOOST_TEST(get(tagged, "gzip").get("ETag") == c.coded);
        BOOST_TEST(get(tagged, "gzip").get("Accept-Ranges") == "none");
        BOOST_TEST(get(tagged, "br;q=0").get("ETag") == c.tag);
        BOOST_TEST(get(tagged, "br;q=0").get("Accept-Ranges") == "bytes");
    }
}

BOOST_AUTO_TEST_CASE(without_memory_for_an_encoder_a_smaller_one_or_none_is_taken) {
    struct {
        std::uint64_t memory;
        std::string_view chosen;
    } const cases[] = {{4 << 20, "br"}, {1 << 20, "gzip"}, {100'000, ""}};
    auto const content = lines_of(50'000);
    for (auto const &c : cases) {
        BOOST_TEST_CONTEXT(c.memory) {
            quota memory(c.memory);
            auto const a = compressed(app{[&](request &) { return response(text_type, content); }, refuse},
                                      {.offered = all}, {.memory = &memory});
            auto const rs = test_client(a).get("/", {{"Accept-Encoding", "br, gzip;q=0.5"}});
            BOOST_TEST(rs.get("Content-Encoding") == c.chosen);
            BOOST_TEST(((c.chosen.empty() ? rs.body() : decoded(c.chosen, rs.body())) == content));
            BOOST_TEST(memory.used() == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_memory_of_the_content_and_of_the_encoder_is_held_while_it_is_sent) {
    quota all_memory(1 << 20);
    service_context context;
    context.body_memory = &all_memory;
    auto const content = lines_of(50'000);
    auto const a = compressed(app{[&](request &) { return response(text_type, content); }, refuse}, {});
    fake_request rq("GET", "/", {{"Accept-Encoding", "gzip"}}, {}, context);
    auto rs = call(a, rq);
    a.filter(rq, rs);
    BOOST_REQUIRE((rs.stream() != nullptr));
    BOOST_TEST(rq->held_memory() == 50'000U);
    BOOST_TEST(rs.stream()->held() > 50'000U + 256 * 1024U);
    fake_request large("GET", "/", {{"Accept-Encoding", "gzip"}}, {}, context);
    BOOST_REQUIRE(all_memory.take(990'000));
    auto plain_rs = call(a, large);
    a.filter(large, plain_rs);
    BOOST_TEST((plain_rs.stream() == nullptr)); // the server refuses it
}

BOOST_AUTO_TEST_SUITE_END()
