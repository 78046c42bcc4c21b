// Settings from the flags, the environment and the files of a test, and what is wrong with them.
#pragma once

#include "app/settings.hpp"
#include "support/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phial::testing {

using arguments = std::vector<std::string>;

/// Throws settings_error. `on`: what the defaults are made for.
inline settings settings_of(arguments const &args, machine const &on = {}) {
    settings s;
    s.service.host = on;
    (void)read_settings(s, args);
    return s;
}

// A variable of the environment, until it goes out of scope.
class variable {
  public:
    variable(std::string name, std::string const &value) : name_(std::move(name)) {
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~variable() { ::unsetenv(name_.c_str()); }
    variable(variable const &) = delete;
    variable &operator=(variable const &) = delete;

  private:
    std::string name_;
};

struct settings_fixture {
    temporary_folder folder;

    // The faults; none when the settings are right.
    static std::vector<std::string> mistakes(arguments const &args) {
        try {
            (void)settings_of(args);
            return {};
        } catch (settings_error const &e) {
            return e.faults();
        }
    }

    std::string file(std::string const &content) const {
        auto const path = (folder.path() / "phial.conf").string();
        std::ofstream(path) << content;
        return path;
    }
};

inline bool contains(std::string_view all, std::string_view part) { return all.find(part) != all.npos; }

// The one mistake of the settings holds all these parts.
inline void check_one_mistake(arguments const &args, std::vector<std::string> const &parts) {
    auto const wrong = settings_fixture::mistakes(args);
    BOOST_TEST_CONTEXT((args.empty() ? "" : args.front()) << ": " << (wrong.empty() ? "no mistake" : wrong.front())) {
        BOOST_TEST(wrong.size() == 1U);
        for (auto const &part : parts)
            BOOST_TEST_CONTEXT(part) BOOST_TEST(contains(wrong.empty() ? "" : wrong.front(), part));
    }
}

} // namespace phial::testing
