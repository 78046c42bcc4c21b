#include "phial/auth/htpasswd.hpp"

#include "phial/auth/bcrypt.hpp"
#include "phial/runtime/small_file.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"
#include "phial/text/shell.hpp"
#include "phial/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <sys/stat.h>
#include <utility>

namespace phial {
namespace {

struct scheme {
    std::string_view begins;
    std::string_view name;
};

// Schemes of crypt(3) and of other servers. When one text begins with another, the longer one comes first.
constexpr scheme others[] = {
    {"$apr1$", "Apache's MD5 ($apr1$, what htpasswd makes without -B)"},
    {"{SHA}", "SHA-1 ({SHA}, htpasswd -s)"},
    {"{SSHA}", "salted SHA-1 ({SSHA})"},
    {"$2a$", "another kind of bcrypt ($2a$; only $2y$ is accepted)"},
    {"$2b$", "another kind of bcrypt ($2b$; only $2y$ is accepted)"},
    {"$2x$", "another kind of bcrypt ($2x$; only $2y$ is accepted)"},
    {"$1$", "MD5 ($1$)"},
    {"$5$", "SHA-256 ($5$)"},
    {"$6$", "SHA-512 ($6$)"},
    {"$7$", "scrypt ($7$)"},
    {"$gy$", "gost-yescrypt ($gy$)"},
    {"$y$", "yescrypt ($y$)"},
    {"$argon2", "Argon2"},
};

// A hash in the place of the name must not be shown.
bool looks_like_a_hash(std::string_view s) noexcept { return s.starts_with('$') || s.starts_with('{'); }

// `s` is UTF-8. Control characters are C0, DEL and C1.
bool has_control_character(std::string_view s) noexcept {
    while (!s.empty()) {
        auto const n = utf8_sequence(s);
        auto const c = utf8_decode(s.substr(0, n));
        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
        s.remove_prefix(n);
    }
    return false;
}

// A bcrypt hash but for a cost that is out of bounds.
bool is_only_out_of_bounds(std::string_view hash) {
    if (hash.size() < 6 || !is_digit(hash[4]) || !is_digit(hash[5])) return false;
    auto other = std::string(hash);
    other.replace(4, 2, "10");
    return is_bcrypt(other);
}

// What is wrong with a hash; the hash itself is not shown.
std::string what_is(std::string_view hash) {
    if (hash.empty()) return "there is no hash after the colon";
    if (hash.starts_with("$2y$")) {
        if (is_only_out_of_bounds(hash))
            return concat("the hash's cost is ", bcrypt_cost(hash),
                          ", not between 04 and 16 (each step doubles the time of a check)");
        return "the hash is damaged: it is not $2y$, a cost of two digits, $, and 53 characters of ./A-Za-z0-9";
    }
    for (auto const &s : others)
        if (hash.starts_with(s.begins)) return concat("the hash is ", s.name, ", not bcrypt");
    if (hash.size() == 13)
        return "the text after the colon is not a bcrypt hash; it may be a DES hash of crypt(3), or the password "
               "itself";
    return "the text after the colon is not a bcrypt hash; it may be the password itself";
}

class reader {
  public:
    using hashes = std::map<std::string, std::string, std::less<>>;

    explicit reader(std::string_view file) : file_(file) {}

    void read(std::string_view line) {
        ++number_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) return;
        if (!is_utf8(line)) return complain("it is not UTF-8");
        if (has_control_character(line)) return complain("it holds a control character");
        if (line.starts_with(byte_order_mark))
            return complain("it begins with a byte order mark; save the file without one");
        auto const colon = line.find(':');
        if (colon == line.npos) return complain("there is no colon; lines are name:hash");
        add(line.substr(0, colon), line.substr(colon + 1));
    }

    // Throws htpasswd_error when something was wrong.
    [[nodiscard]] hashes end() {
        if (hashes_.empty() && mistakes_.empty())
            mistakes_.push_back(
                concat(file_, ": it has no users. Add one: htpasswd -B -C 10 ", shell_word(file_), " NAME"));
        if (!mistakes_.empty()) throw htpasswd_error(std::move(mistakes_), more_);
        return std::move(hashes_);
    }

  private:
    static constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

    void add(std::string_view name, std::string_view hash) {
        if (name.empty()) return complain("there is no name before the colon");
        if (name.size() > htpasswd_table::longest_name) return complain("the name is longer than 255 bytes");
        if (looks_like_a_hash(name)) return complain("it begins with a hash instead of a name; lines are name:hash");
        auto const [first, is_new] = line_of_.try_emplace(std::string(name), number_);
        if (!is_new)
            complain(concat("the user '", name, "' is already in line ", first->second, "; remove one of the two"));
        if (is_bcrypt(hash))
            hashes_.try_emplace(std::string(name), hash);
        else
            complain(concat(what_is(hash), ". Replace the line: htpasswd -B -C 10 ", shell_word(file_), " ",
                            shell_word(name)));
    }

    void complain(std::string_view mistake) {
        if (mistakes_.size() < htpasswd_table::most_mistakes)
            mistakes_.push_back(concat(file_, ", line ", number_, ": ", mistake));
        else
            ++more_;
    }

    std::string_view file_;
    std::size_t number_ = 0;
    hashes hashes_;
    std::map<std::string, std::size_t, std::less<>> line_of_; // where each name came first
    std::vector<std::string> mistakes_;
    std::size_t more_ = 0;
};

// The most frequent cost, and of equally frequent ones the highest.
unsigned usual_cost(reader::hashes const &all) {
    std::array<std::size_t, most_bcrypt_cost + 1> count{};
    for (auto const &[name, hash] : all) ++count[bcrypt_cost(hash)];
    auto const usual = std::max_element(count.rbegin(), count.rend());
    return static_cast<unsigned>(count.rend() - usual) - 1;
}

std::int64_t in_nanoseconds(timespec const &t) noexcept { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

file_stamp stamp_from(struct stat const &s) noexcept {
    return {s.st_dev, s.st_ino, s.st_size, in_nanoseconds(s.st_mtim), in_nanoseconds(s.st_ctim)};
}

} // namespace

htpasswd_error::htpasswd_error(std::vector<std::string> mistakes, std::size_t more)
    : std::runtime_error(mistakes.front()),
      mistakes_(std::move(mistakes)),
      more_(more) {}

htpasswd_table htpasswd_table::parse(std::string_view text, std::string_view file) {
    reader lines(file);
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        lines.read(line);
    }
    htpasswd_table table;
    table.hashes_ = lines.end();
    table.decoy_ = bcrypt_decoy(usual_cost(table.hashes_));
    return table;
}

std::string const *htpasswd_table::find(std::string_view user) const noexcept {
    auto const found = hashes_.find(user);
    return found == hashes_.end() ? nullptr : &found->second;
}

std::optional<file_stamp> stamp_of(std::string const &path) noexcept {
    struct stat s{};
    if (::stat(path.c_str(), &s) != 0) return std::nullopt;
    return stamp_from(s);
}

htpasswd_file read_htpasswd(std::string const &path) {
    try {
        auto const file = read_small_file(path, htpasswd_file::most_bytes);
        return {stamp_from(file.state), std::make_shared<htpasswd_table const>(htpasswd_table::parse(file.text, path))};
    } catch (file_error const &e) {
        throw htpasswd_error(
            {concat(path, ": ", e.what(), e.is_missing() ? ". Make it: htpasswd -B -C 10 -c FILE NAME" : "")});
    }
}

} // namespace phial
