#include "phial/settings/settings_table.hpp"

#include "phial/settings/config_file.hpp"
#include "phial/text/ascii.hpp"
#include "phial/text/concat.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

namespace phial {

namespace {

constexpr std::string_view questions[] = {"help", "version"};

bool is_question(std::string_view name) noexcept {
    return std::find(std::begin(questions), std::end(questions), name) != std::end(questions);
}

} // namespace

void settings_table::group(std::string_view heading) {
    auto const found =
        std::find_if(groups_.begin(), groups_.end(), [&](auto const &g) { return g.heading == heading; });
    current_ = static_cast<std::size_t>(found - groups_.begin());
    if (found == groups_.end()) groups_.push_back({std::string(heading), {}});
}

void settings_table::add(setting row) {
    if (find(row.name) != nullptr || row.name == "config" || is_question(row.name))
        throw std::logic_error("settings_table: there are two settings '" + row.name + "'");
    if (groups_.empty()) group("Settings");
    groups_[current_].rows.push_back(std::move(row));
}

setting const *settings_table::find(std::string_view name) const noexcept {
    for (auto const &g : groups_)
        for (auto const &row : g.rows)
            if (row.name == name) return &row;
    return nullptr;
}

settings_table::question settings_table::read(std::vector<std::string> const &arguments) {
    auto const asked = read_flags(arguments);
    if (asked != question::none && faults_.empty()) return asked;
    read_environment();
    if (is_given("config")) read_file();
    assign_all();
    return question::none;
}

// --name=value or --name value. An argument that begins with -- is never the value of the flag before it.
settings_table::question settings_table::read_flags(std::vector<std::string> const &arguments) {
    auto asked = question::none;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const argument = arguments[i];
        if (!argument.starts_with('-')) {
            faults_.push_back("unexpected argument " + in_quotes(argument) + ": settings begin with --");
            continue;
        }
        auto const equals = argument.find('=');
        auto const name = argument.substr(0, equals).substr(std::min<std::size_t>(argument.find_first_not_of('-'), 2));
        auto const *row = find(name);
        bool const is_flag = argument.starts_with("--") && argument.size() > 2 && argument[2] != '-';
        if (!is_flag || (row == nullptr && name != "config" && !is_question(name))) {
            faults_.push_back("there is no flag " + in_quotes(argument) + "; see --help");
            continue;
        }
        if (is_question(name)) {
            if (equals != argument.npos) faults_.push_back(concat("--", name, ": it takes no value"));
            asked = name == "help" ? question::help : asked == question::none ? question::version : asked;
            continue;
        }
        bool const follows = i + 1 < arguments.size() && !arguments[i + 1].starts_with("--");
        std::optional<std::string> value;
        if (equals != argument.npos)
            value = std::string(argument.substr(equals + 1));
        else if (follows)
            value = arguments[++i];
        else if (row != nullptr && row->is_switch)
            value = "yes";
        if (!value)
            complain(name, concat("its value is missing. Write --", name, "=VALUE"));
        else if (is_given(name))
            complain(name, "it is given more than once");
        else
            given_.emplace(name, std::move(*value));
    }
    return asked;
}

std::string settings_table::variable_of(std::string_view name) const {
    auto out = prefix_;
    for (char const c : name) out += c == '-' ? '_' : to_upper(c);
    return out;
}

void settings_table::give(std::string_view name, std::string_view value) {
    given_.try_emplace(std::string(name), value); // an earlier value has precedence
}

void settings_table::read_environment() {
    auto const look = [this](std::string_view name) {
        if (auto const *value = std::getenv(variable_of(name).c_str())) give(name, value);
    };
    for (auto const &g : groups_)
        for (auto const &row : g.rows) look(row.name);
    look("config");
}

void settings_table::read_file() {
    auto file =
        read_config(given_.find("config")->second, [this](std::string const &name) { return find(name) != nullptr; });
    for (auto const &entry : file.entries) give(entry.name, entry.value);
    std::move(file.mistakes.begin(), file.mistakes.end(), std::back_inserter(faults_));
}

void settings_table::assign_all() {
    for (auto const &g : groups_) {
        for (auto const &row : g.rows) {
            auto const found = given_.find(row.name);
            if (found == given_.end()) continue;
            auto const fault = row.assign(found->second);
            if (!fault) continue;
            // Kubernetes sets PHIAL_PORT=tcp://10.0.0.1:80 for a Service named phial.
            if (row.is_number && found->second.find("://") != std::string::npos)
                complain(row.name, concat(in_quotes(found->second), " is an address, not a number. Kubernetes sets ",
                                          variable_of(row.name), " for a Service of that name: set ",
                                          "enableServiceLinks: false in the pod, or give --", row.name));
            else
                complain(row.name, *fault);
        }
    }
}

bool settings_table::is_wrong(std::string_view name) const {
    auto const beginning = concat("--", name, ": ");
    return std::any_of(faults_.begin(), faults_.end(), [&](auto const &f) { return f.starts_with(beginning); });
}

void settings_table::complain(std::string_view name, std::string_view fault) {
    faults_.push_back(concat("--", name, ": ", fault));
}

void settings_table::require_no_faults() const {
    if (!faults_.empty()) throw settings_error(faults_);
}

namespace {

constexpr std::size_t left_column = 32;
constexpr std::size_t width = 100;

// Appends `left` and, in a column next to it, the words of `text` in lines.
void append_entry(std::string &out, std::string left, std::string_view text) {
    if (left.size() + 1 > left_column) {
        out.append(left) += '\n';
        left.clear();
    }
    left.resize(left_column, ' ');
    auto line = left;
    bool is_empty = true;
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (!is_empty && line.size() + 1 + word.size() > width) {
            out.append(line) += '\n';
            line.assign(left_column, ' ');
            is_empty = true;
        }
        if (!is_empty) line += ' ';
        line += word;
        is_empty = false;
    }
    out.append(line) += '\n';
}

} // namespace

std::string settings_table::help() const {
    std::string out;
    for (auto const &g : groups_) {
        out.append(out.empty() ? "" : "\n").append(g.heading) += '\n';
        for (auto const &row : g.rows)
            append_entry(out, concat("  --", row.name, " ", row.argument),
                         concat(row.help, " (", row.default_text, ")"));
    }
    out += "\nGeneral\n";
    append_entry(out, "  --config FILE", "read settings from FILE, lines of 'name = value'; '#' begins a comment");
    append_entry(out, "  --help", "print this and end");
    append_entry(out, "  --version", "print the version and end");
    return out;
}

} // namespace phial
