// All settings of a service: read from flags, the environment and a file, and described by --help.
#pragma once

#include "phial/settings/setting.hpp"

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace phial {

/// Everything that is wrong with the settings: a line each.
class settings_error : public std::runtime_error {
  public:
    explicit settings_error(std::vector<std::string> faults)
        : std::runtime_error(faults.empty() ? "" : faults.front()),
          faults_(std::move(faults)) {}
    [[nodiscard]] std::vector<std::string> const &faults() const noexcept { return faults_; }

  private:
    std::vector<std::string> faults_;
};

/// Rows in groups, in the order of --help. config, help and version are always there.
///
///     settings_table table("PHIAL_");                        // --port is PHIAL_PORT in the environment
///     table.group("Listening");
///     table.add(count("port", port, 0, 65535, "port to listen on"));
///     if (table.read(arguments) == settings_table::question::help) ...
///     table.require_no_faults();
class settings_table {
  public:
    /// What the command line asks for instead of starting the service.
    enum class question { none, help, version };

    explicit settings_table(std::string environment_prefix) : prefix_(std::move(environment_prefix)) {}

    /// The rows that are added next belong to this group of --help. A group that exists is continued.
    void group(std::string_view heading);
    /// Throws std::logic_error when there is a row of this name.
    void add(setting row);

    /// Reads the flags (without the program's name), the environment (variables that belong to no setting are ignored)
    /// and the file that --config names. A flag has precedence over the environment, the environment over the file.
    /// Every value is assigned, every fault is kept. For a question only the flags are read, unless one is wrong.
    [[nodiscard]] question read(std::vector<std::string> const &arguments);

    /// Whether a flag, the environment or the file has set it.
    [[nodiscard]] bool is_given(std::string_view name) const { return given_.find(name) != given_.end(); }

    /// Whether there is a fault of this setting.
    [[nodiscard]] bool is_wrong(std::string_view name) const;

    /// Adds a fault, as of a setting that does not fit the others: "--name: what".
    void complain(std::string_view name, std::string_view fault);
    /// Throws settings_error when anything is wrong.
    void require_no_faults() const;

    /// The text of --help: the rows under their group headings, 100 columns at most.
    [[nodiscard]] std::string help() const;

  private:
    struct group_rows {
        std::string heading;
        std::vector<setting> rows;
    };

    [[nodiscard]] setting const *find(std::string_view name) const noexcept;
    [[nodiscard]] question read_flags(std::vector<std::string> const &arguments);
    void read_environment();
    void read_file();
    void assign_all();
    [[nodiscard]] std::string variable_of(std::string_view name) const;
    void give(std::string_view name, std::string_view value);

    std::string prefix_;
    std::vector<group_rows> groups_;
    std::size_t current_ = 0;
    std::map<std::string, std::string, std::less<>> given_; // name: value
    std::vector<std::string> faults_;
};

} // namespace phial
