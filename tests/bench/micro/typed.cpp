// Structs read from JSON and written as JSON, beside other ways to do the same. All check UTF-8; only typed structs
// check bounds.
#include "micro.hpp"

#include "phial/http/json.hpp"
#include "phial/typed/read.hpp"
#include "phial/typed/schema_of.hpp"
#include "phial/typed/write.hpp"

#include <nlohmann/json.hpp>
#ifndef __clang__ // which does not compile Debian's version
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#endif

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace phial::micro {

enum class medium { book, film, song };

struct item {
    text_of<1, 200> title;
    text_of<0, 2000> content;
    list_of<text_of<1, 40>, 20> tags;
    number_of<1, 5> priority;
    bool pinned;
    double price;
    medium what;
    std::int64_t owner;
    text_of<0, 300> summary;
    std::optional<text_of<1, 100>> source;
};

struct plain_item {
    std::string title, content;
    std::vector<std::string> tags;
    std::int64_t priority = 0;
    bool pinned = false;
    double price = 0;
    std::string what;
    std::int64_t owner = 0;
    std::string summary, source;
};
// NOLINTNEXTLINE
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(plain_item, title, content, tags, priority, pinned, price, what, owner, summary,
                                   source)

namespace {

// 949 bytes.
std::string item_text() {
    std::string content, summary;
    while (content.size() < 480) content += "The quick brown fox jumps over the lazy dog. ";
    while (summary.size() < 200) summary += "A short summary of it, gr\xC3\xBC\xC3\x9F. ";
    return R"({"title":"A note about foxes and dogs","content":")" + content +
           R"(","tags":["animals","foxes","dogs","lazy","quick"],"priority":3,"pinned":true,"price":12.75,)" +
           R"("what":"film","owner":1234567890123,"summary":")" + summary +
           R"(","source":"https://example.org/foxes/and/dogs"})";
}

item read_item(std::string const &text) {
    item value{};
    fault_list found;
    memory_share held;
    auto const error = read_json(schema_of<item>, &value, text, message_limits().json_depth, held, found);
    if (error || !found.empty()) std::abort();
    return value;
}

void read_typed(benchmark::State &state) {
    auto const text = item_text();
    for (auto _ : state) benchmark::DoNotOptimize(read_item(text));
    count_bytes(state, text.size());
}

void read_json_text(benchmark::State &state) {
    auto const text = item_text();
    for (auto _ : state) benchmark::DoNotOptimize(json::parse(text));
    count_bytes(state, text.size());
}

void read_nlohmann(benchmark::State &state) {
    auto const text = item_text();
    for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(text).get<plain_item>());
    count_bytes(state, text.size());
}

void write_typed(benchmark::State &state) {
    auto const value = read_item(item_text());
    for (auto _ : state) benchmark::DoNotOptimize(phial::to_json(value));
    count_bytes(state, phial::to_json(value).size());
}

void write_nlohmann(benchmark::State &state) {
    auto const value = nlohmann::json::parse(item_text()).get<plain_item>();
    for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json(value).dump());
    count_bytes(state, item_text().size());
}

BENCHMARK(read_typed);
BENCHMARK(read_json_text);
BENCHMARK(read_nlohmann);
BENCHMARK(write_typed);
BENCHMARK(write_nlohmann);

#ifndef __clang__

plain_item copy_of(rapidjson::Document const &from) {
    plain_item value;
    value.title = from["title"].GetString();
    value.content = from["content"].GetString();
    for (auto const &tag : from["tags"].GetArray()) value.tags.emplace_back(tag.GetString(), tag.GetStringLength());
    value.priority = from["priority"].GetInt64();
    value.pinned = from["pinned"].GetBool();
    value.price = from["price"].GetDouble();
    value.what = from["what"].GetString();
    value.owner = from["owner"].GetInt64();
    value.summary = from["summary"].GetString();
    value.source = from["source"].GetString();
    return value;
}

void read_rapidjson(benchmark::State &state) {
    constexpr unsigned flags = rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;
    auto const text = item_text();
    for (auto _ : state) {
        rapidjson::Document tree;
        tree.Parse<flags>(text.data(), text.size());
        benchmark::DoNotOptimize(copy_of(tree));
    }
    count_bytes(state, text.size());
}

// Of a tree that is there already.
void write_rapidjson(benchmark::State &state) {
    rapidjson::Document tree;
    tree.Parse(item_text().c_str());
    for (auto _ : state) {
        rapidjson::StringBuffer out;
        rapidjson::Writer<rapidjson::StringBuffer> writer(out);
        tree.Accept(writer);
        benchmark::DoNotOptimize(out.GetString());
    }
    count_bytes(state, item_text().size());
}

BENCHMARK(read_rapidjson);
BENCHMARK(write_rapidjson);

#endif

} // namespace
} // namespace phial::micro
