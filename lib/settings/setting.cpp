#include "phial/settings/setting.hpp"

#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <filesystem>
#include <netinet/in.h>
#include <system_error>
#include <unistd.h>

namespace phial {
namespace {

// `last_link` is " or " in "text, json or xml".
std::string listed(std::vector<std::string> const &words, std::string_view last_link) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out.append(i == 0 ? "" : i + 1 == words.size() ? last_link : ", ").append(words[i]);
    return out;
}

std::string choice_argument(std::vector<std::string> const &words) {
    std::string out;
    for (auto const &w : words) out.append(out.empty() ? "" : "|").append(w);
    return out;
}

std::optional<bool> truth_of(std::string_view text) noexcept {
    for (auto const *yes : {"yes", "true", "on", "1"})
        if (iequals(text, yes)) return true;
    for (auto const *no : {"no", "false", "off", "0"})
        if (iequals(text, no)) return false;
    return std::nullopt;
}

bool is_ip_address(std::string const &text) noexcept {
    in_addr v4{};
    in6_addr v6{};
    return inet_pton(AF_INET, text.c_str(), &v4) == 1 || inet_pton(AF_INET6, text.c_str(), &v6) == 1;
}

std::string argument_of(unit kind) {
    switch (kind) {
    case unit::bytes: return "BYTES";
    case unit::seconds: return "SECONDS";
    default: return "N";
    }
}

} // namespace

std::string in_quotes(std::string_view value) {
    constexpr std::size_t most = 200;
    return value.size() <= most ? concat("'", value, "'") : concat("'", value.substr(0, most), "'...");
}

setting settings_detail::number(std::string name, unit kind, std::uint64_t now, std::uint64_t least, std::uint64_t most,
                                std::string help, assign_number assign) {
    auto read = [kind, least, most, assign = std::move(assign)](std::string const &text) -> std::optional<std::string> {
        auto const n = parse_quantity(text, kind);
        if (!n || *n < least || *n > most)
            return concat(in_quotes(text), " is not a number between ", quantity_text(least, kind), " and ",
                          quantity_text(most, kind));
        assign(*n);
        return std::nullopt;
    };
    return {.name = std::move(name),
            .argument = argument_of(kind),
            .help = std::move(help),
            .default_text = quantity_text(now, kind),
            .is_number = true,
            .assign = std::move(read)};
}

setting settings_detail::word(std::string name, std::vector<std::string> words, std::size_t now, std::string help,
                              std::function<void(std::size_t)> assign) {
    auto argument = choice_argument(words);
    auto default_text = words[now];
    auto read = [words = std::move(words),
                 assign = std::move(assign)](std::string const &text) -> std::optional<std::string> {
        auto const found = std::find(words.begin(), words.end(), text);
        if (found == words.end())
            return words.size() == 2 ? concat(in_quotes(text), " is neither ", listed(words, " nor "))
                                     : concat(in_quotes(text), " is none of ", listed(words, " and "));
        assign(static_cast<std::size_t>(found - words.begin()));
        return std::nullopt;
    };
    return {.name = std::move(name),
            .argument = std::move(argument),
            .help = std::move(help),
            .default_text = std::move(default_text),
            .assign = std::move(read)};
}

setting words(std::string name, std::string &place, std::string argument, std::string help) {
    auto take = [&place](std::string const &text) -> std::optional<std::string> {
        place = text;
        return std::nullopt;
    };
    return {.name = std::move(name),
            .argument = std::move(argument),
            .help = std::move(help),
            .default_text = place.empty() ? "none" : place,
            .assign = std::move(take)};
}

setting yes_no(std::string name, bool &place, std::string help) {
    auto read = [&place](std::string const &text) -> std::optional<std::string> {
        auto const truth = truth_of(text);
        if (!truth) return in_quotes(text) + " is neither yes nor no";
        place = *truth;
        return std::nullopt;
    };
    return {.name = std::move(name),
            .argument = "yes|no",
            .help = std::move(help),
            .default_text = place ? "yes" : "no",
            .is_switch = true,
            .assign = std::move(read)};
}

setting ip_address(std::string name, std::string &place, std::string help) {
    auto read = [&place](std::string const &text) -> std::optional<std::string> {
        if (!is_ip_address(text)) return in_quotes(text) + " is not an IPv4 or IPv6 address (names are not looked up)";
        place = text;
        return std::nullopt;
    };
    return {.name = std::move(name),
            .argument = "ADDRESS",
            .help = std::move(help),
            .default_text = place,
            .assign = std::move(read)};
}

setting folder(std::string name, std::string &place, std::string help) {
    return words(std::move(name), place, "FOLDER", std::move(help));
}

std::optional<std::string> check_folder(std::string const &path) {
    std::error_code ec;
    if (!std::filesystem::is_directory(path, ec)) return in_quotes(path) + " is not a folder; create it first";
    if (::access(path.c_str(), W_OK | X_OK) != 0)
        return "the folder " + in_quotes(path) + " cannot be written to by this user";
    return std::nullopt;
}

} // namespace phial
