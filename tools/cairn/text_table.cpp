#include "tools/cairn/text_table.h"

#include "tools/cairn/printing.h"

#include <algorithm>

namespace cairn::tool {
namespace {

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, shown_width(text)), ' ');
  return right ? blanks + text : text + blanks;
}

std::string without_tail(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

TextTable::TextTable(const std::vector<std::string>& headings) {
  for (const std::string& heading : headings) {
    const bool right = heading.starts_with('>');
    columns_.push_back({right ? heading.substr(1) : heading, right});
  }
}

void TextTable::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = visible(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = shown_width(columns_[i].heading);
    for (const auto& row : rows_) width = std::max(width, shown_width(row[i]));
    widths.push_back(width);
  }
  std::string heading;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    heading += padded(columns_[i].heading, widths[i], columns_[i].right) + "  ";
  }
  std::string all = without_tail(heading) + "\n";
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += padded(row[i], widths[i], columns_[i].right) + "  ";
    }
    all += without_tail(line) + "\n";
  }
  return all;
}

}  // namespace cairn::tool
