#include "central/imports/csv_table.h"

#include "core/base/utf8.h"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

constexpr unsigned char kOptions = CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL;

/// The lines of a file with their line break: LF, CR LF, or a CR of its own.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto at = std::min(text.find_first_of("\r\n"), text.size() - 1);
    const std::size_t length = text.substr(at).starts_with("\r\n") ? at + 2 : at + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

/// libcsv, fed one line of the file at a time so that every row knows where it began. A row with
/// misplaced quotes is lost; the line below the one where it began starts anew. That reads a line
/// twice at most: behind an open quote, the first line with an odd number of quotes either closes
/// it or is the mistake.
class RowParser {
 public:
  RowParser(std::vector<std::string_view> lines, char delimiter)
      : lines_(std::move(lines)), delimiter_(static_cast<unsigned char>(delimiter)) {
    reset();
  }
  RowParser(const RowParser&) = delete;
  RowParser& operator=(const RowParser&) = delete;
  ~RowParser() { csv_free(&parser_); }

  std::vector<CsvRow> parse() && {
    while (next_ < lines_.size()) {
      if (!inside_) start_ = next_;
      inside_ = true;
      const std::string_view line = lines_[next_++];
      const bool read =
          csv_parse(&parser_, line.data(), line.size(), on_field, on_row, this) == line.size();
      const bool whole =
          next_ < lines_.size() || !inside_ || csv_fini(&parser_, on_field, on_row, this) == 0;
      if (!read || !whole) give_up();
    }
    return std::move(rows_);
  }

 private:
  static void on_field(void* data, size_t size, void* self) {
    static_cast<RowParser*>(self)->fields_.emplace_back(static_cast<const char*>(data), size);
  }
  static void on_row(int, void* self) {
    auto* const parser = static_cast<RowParser*>(self);
    parser->rows_.push_back(
        {static_cast<std::int64_t>(parser->start_) + 1, std::exchange(parser->fields_, {}), ""});
    parser->inside_ = false;
  }

  void reset() {
    csv_init(&parser_, kOptions);
    csv_set_delim(&parser_, delimiter_);
  }
  void give_up() {
    rows_.push_back(
        {static_cast<std::int64_t>(start_) + 1, {}, "has quotes that are not balanced"});
    fields_.clear();
    inside_ = false;
    next_ = start_ + 1;
    csv_free(&parser_);
    reset();
  }

  std::vector<std::string_view> lines_;
  unsigned char delimiter_;
  csv_parser parser_{};
  std::size_t next_ = 0;   ///< line to feed
  std::size_t start_ = 0;  ///< line where the row being read began
  bool inside_ = false;
  std::vector<std::string> fields_;
  std::vector<CsvRow> rows_;
};

char delimiter_of(std::string_view header) {
  if (header.find(',') != std::string_view::npos) return ',';
  if (header.find(';') != std::string_view::npos) return ';';
  return header.find('\t') != std::string_view::npos ? '\t' : ',';
}

std::string column_name(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  std::string name(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

void check(CsvRow& row, std::size_t columns) {
  if (!row.problem.empty()) return;
  if (row.fields.size() != columns) {
    row.problem = fmt::format("has {} fields, the header has {}", row.fields.size(), columns);
  } else if (!std::ranges::all_of(row.fields, is_utf8)) {
    row.problem = "is not UTF-8 text";
  }
}

}  // namespace

Result<CsvTable> CsvTable::parse(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const char delimiter = delimiter_of(text.substr(0, text.find_first_of("\r\n")));
  std::vector<CsvRow> rows = RowParser(lines_of(text), delimiter).parse();
  if (rows.empty() || !rows.front().problem.empty()) {
    return fail(ErrorCode::kInvalid, "bad_csv", "the file has no header line with column names");
  }
  CsvTable table;
  std::set<std::string> seen;
  for (const std::string& field : rows.front().fields) {
    table.columns_.push_back(column_name(field));
    if (!seen.insert(table.columns_.back()).second) {
      return fail(ErrorCode::kInvalid, "bad_csv",
                  fmt::format("the column \"{}\" appears twice", excerpt(table.columns_.back())));
    }
  }
  table.rows_.assign(std::make_move_iterator(rows.begin() + 1),
                     std::make_move_iterator(rows.end()));
  for (CsvRow& row : table.rows_) check(row, table.columns_.size());
  return table;
}

std::optional<std::size_t> CsvTable::find(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(columns_, name);
    if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  }
  return std::nullopt;
}

}  // namespace cairn::central
