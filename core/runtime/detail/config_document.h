#pragma once
// The parsed file behind ConfigReader: what was asked for, what was found wrong. toml++ is known
// here and in config_loader.cpp only.

#include "core/runtime/config_loader.h"

#include <toml++/toml.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::runtime {

struct ConfigReader::Document {
  std::string name;
  toml::table root;
  Environment environment;

  std::map<const toml::table*, std::set<std::string>> asked;
  std::vector<std::string> problems;
  std::vector<Origin> notes;

  /// "name:line:column"
  [[nodiscard]] std::string place(const toml::source_region& region) const;
  /// Problems for all keys that nobody has asked for, with what may have been meant, in the file's
  /// order.
  [[nodiscard]] std::vector<std::string> unknown_keys() const;

 private:
  using Place = std::pair<toml::source_index, toml::source_index>;  // line, column
  void add_unknown(const toml::table& table, std::map<Place, std::string>& found) const;
};

}  // namespace cairn::runtime
