#pragma once
// Rows of text under headings, as wide as they need to be. Pure.

#include <string>
#include <vector>

namespace cairn::tool {

class TextTable {
 public:
  /// A heading that begins with ">" is set to the right, and so is its column.
  explicit TextTable(const std::vector<std::string>& headings);

  /// A cell is shown as visible() makes it.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Ends with a line break.
  [[nodiscard]] std::string text() const;

 private:
  struct Column {
    std::string heading;
    bool right = false;
  };
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// How many columns a terminal needs for the text (code points; enough for Latin scripts).
std::size_t shown_width(std::string_view text);

}  // namespace cairn::tool
