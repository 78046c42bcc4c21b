#include "phial/settings/config_file.hpp"

#include "phial/runtime/small_file.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace phial {
namespace {

// A value may contain `#`: /data/a#b.
std::string_view without_comment(std::string_view line) noexcept {
    for (auto position = line.find('#'); position != line.npos; position = line.find('#', position + 1))
        if (position == 0 || line[position - 1] == ' ' || line[position - 1] == '\t') return line.substr(0, position);
    return line;
}

// In a file that does not hold settings, what looks like a name may be of any length.
std::string quoted(std::string_view name) {
    constexpr std::size_t most = 60;
    return name.size() <= most ? concat("'", name, "'") : concat("'", name.substr(0, most), "'...");
}

class parser {
  public:
    parser(std::string const &path, known_setting const &is_known) : path_(path), is_known_(is_known) {}

    void take(std::string_view line) {
        ++line_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        auto const said = trim(without_comment(line));
        if (said.empty()) return;
        if (std::any_of(said.begin(), said.end(), is_control))
            return complain("it holds a control character. Write text, one setting on each line");
        if (said.front() == '[') return complain("there are no sections. Remove the line that begins with '['");
        auto const equals = said.find('=');
        // The line is not shown: a file of another kind may hold secrets.
        if (equals == said.npos) return complain("it has no '='. Write: name = value");
        set(std::string(trim(said.substr(0, equals))), trim(said.substr(equals + 1)));
    }

    config_file result() && {
        if (more_ != 0) out_.mistakes.push_back(concat(path_, ": ", more_, " more mistakes are not listed"));
        return std::move(out_);
    }

  private:
    void set(std::string name, std::string_view value) {
        if (name.empty()) return complain("there is no name before '='. Write: name = value");
        if (name == "config") return complain("'config' names this file and cannot be in it. Give --config");
        if (name == "help" || name == "version")
            return complain(concat(quoted(name), " is not a setting. Give the flag --", name));
        if (!is_known_(name))
            return complain(
                concat("there is no setting ", quoted(name), ". The names are those of --help, without --"));
        auto const [earlier, is_first] = lines_.try_emplace(name, line_);
        if (!is_first)
            return complain(concat(quoted(name), " is in line ", earlier->second, " too. Remove one of the two"));
        out_.entries.push_back({std::move(name), std::string(value)});
    }

    void complain(std::string_view mistake) {
        if (out_.mistakes.size() < config_file::most_mistakes)
            out_.mistakes.push_back(concat(path_, ", line ", line_, ": ", mistake));
        else
            ++more_;
    }

    std::string const &path_;
    known_setting const &is_known_;
    std::map<std::string, std::size_t, std::less<>> lines_; // the line of each name
    std::size_t line_ = 0;
    std::size_t more_ = 0; // mistakes above the limit
    config_file out_;
};

config_file refused(std::string const &path, std::string_view reason) {
    return {.entries = {}, .mistakes = {concat("--config: ", path.empty() ? "''" : path, ": ", reason)}};
}

} // namespace

config_file parse_config(std::string_view text, std::string const &path, known_setting const &is_known) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return refused(path, "it is UTF-16. Save it as UTF-8");
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    parser lines(path, is_known);
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(lines).result();
}

config_file read_config(std::string const &path, known_setting const &is_known) {
    try {
        return parse_config(read_small_file(path, config_file::most_bytes).text, path, is_known);
    } catch (file_error const &e) {
        if (e.is_missing()) return refused(path, "there is no such file. Make it, or leave --config out");
        return refused(path, e.what());
    }
}

} // namespace phial
