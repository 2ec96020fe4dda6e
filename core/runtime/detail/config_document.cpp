#include "core/runtime/detail/config_document.h"

#include "core/runtime/detail/nearest_word.h"

#include <fmt/format.h>

namespace cairn::runtime {

std::string ConfigReader::Document::place(const toml::source_region& region) const {
  if (region.path) return *region.path;  // of what was laid over; its lines are nobody's
  if (!region.begin) return name;
  return fmt::format("{}:{}:{}", name, region.begin.line, region.begin.column);
}

std::vector<std::string> ConfigReader::Document::unknown_keys() const {
  std::map<Place, std::string> found;
  std::vector<const toml::table*> tables = {&root};
  while (!tables.empty()) {
    const toml::table& table = *tables.back();
    tables.pop_back();
    add_unknown(table, found);
    for (const auto& [key, node] : table) {
      if (node.is_table()) tables.push_back(node.as_table());
      if (!node.is_array_of_tables()) continue;
      for (const toml::node& element : *node.as_array()) tables.push_back(element.as_table());
    }
  }
  std::vector<std::string> texts;
  texts.reserve(found.size());
  for (auto& [at, text] : found) texts.push_back(std::move(text));
  return texts;
}

/// Only of tables that somebody reads: the keys of an unknown table are not worth a problem each.
void ConfigReader::Document::add_unknown(const toml::table& table,
                                         std::map<Place, std::string>& found) const {
  const auto known = asked.find(&table);
  if (known == asked.end()) return;
  for (const auto& [key, node] : table) {
    if (known->second.contains(std::string(key.str()))) continue;
    const auto meant = nearest_word(key.str(), known->second);
    found[{key.source().begin.line, key.source().begin.column}] =
        fmt::format("{}: unknown {} '{}'{}", place(key.source()),
                    node.is_table() || node.is_array_of_tables() ? "table" : "key", key.str(),
                    meant ? fmt::format(": did you mean '{}'?", *meant) : "");
  }
}

}  // namespace cairn::runtime
