// Users and the hashes of their passwords: the text of a file as htpasswd(1) writes it, read strictly.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Everything that is wrong with a file of passwords, and what to do about it: a line each, "FILE, line N: ...". None
/// holds a hash or what may be a password.
class password_error : public std::runtime_error {
  public:
    /// `mistakes` is not empty. `more`: others that are not told.
    explicit password_error(std::vector<std::string> mistakes, std::size_t more = 0);
    [[nodiscard]] std::vector<std::string> const &mistakes() const noexcept { return mistakes_; }
    [[nodiscard]] std::size_t more() const noexcept { return more_; }

  private:
    std::vector<std::string> mistakes_;
    std::size_t more_;
};

/// A value; its const members are for all threads at once.
class password_table {
  public:
    /// The bytes of a name that are looked at, as many as htpasswd allows.
    static constexpr std::size_t longest_name = 255;
    /// The mistakes that are told.
    static constexpr std::size_t most_mistakes = 1000;

    /// Reads lines of "name:hash", UTF-8, the hash bcrypt's (is_bcrypt). Empty lines and those that begin with # are
    /// passed over; a line may end with CR LF. `file` is what the messages call the text. Throws password_error.
    [[nodiscard]] static password_table parse(std::string_view text, std::string_view file);

    /// The hash of that user's password; nothing when there is no such user. Valid as long as the table is.
    [[nodiscard]] std::string const *find(std::string_view user) const noexcept;

    /// What to check the password of somebody against who is no user: it takes as long as with most users.
    [[nodiscard]] std::string const &decoy() const noexcept { return decoy_; }

    [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

    /// Whether the same users have the same hashes.
    friend bool operator==(password_table const &, password_table const &) = default;

  private:
    password_table() = default;

    std::map<std::string, std::string, std::less<>> hashes_;
    std::string decoy_;
};

} // namespace phial
