#include "central/imports/csv_table.h"

#include "core/base/utf8.h"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

/// libcsv, fed one line of the file at a time so that every row knows where it began.
class LineParser {
 public:
  explicit LineParser(char delimiter) {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
  }
  LineParser(const LineParser&) = delete;
  LineParser& operator=(const LineParser&) = delete;
  ~LineParser() { csv_free(&parser_); }

  /// `text` ends with its line break, or is the last line.
  void feed(std::int64_t line, std::string_view text) {
    if (!inside_) start_ = line;
    inside_ = true;
    if (csv_parse(&parser_, text.data(), text.size(), on_field, on_row, this) != text.size()) {
      give_up();
    }
  }
  void finish() {
    if (inside_ && csv_fini(&parser_, on_field, on_row, this) != 0) give_up();
  }

  std::vector<CsvRow> rows;

 private:
  static void on_field(void* data, size_t size, void* self) {
    static_cast<LineParser*>(self)->fields_.emplace_back(static_cast<const char*>(data), size);
  }
  static void on_row(int, void* self) {
    auto* const parser = static_cast<LineParser*>(self);
    parser->rows.push_back({parser->start_, std::exchange(parser->fields_, {}), ""});
    parser->inside_ = false;
  }
  /// Misplaced quotes: this row is lost, the next line begins a new one.
  void give_up() {
    rows.push_back({start_, {}, "quotes are not balanced"});
    fields_.clear();
    inside_ = false;
    const unsigned char delimiter = csv_get_delim(&parser_);
    csv_free(&parser_);
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&parser_, delimiter);
  }

  csv_parser parser_{};
  std::int64_t start_ = 1;
  bool inside_ = false;
  std::vector<std::string> fields_;
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
  LineParser parser(delimiter_of(text.substr(0, text.find('\n'))));
  std::int64_t line = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    parser.feed(++line, text.substr(0, end));
    text.remove_prefix(end);
  }
  parser.finish();
  if (parser.rows.empty() || !parser.rows.front().problem.empty()) {
    return fail(ErrorCode::kInvalid, "bad_csv", "the file has no header line with column names");
  }
  CsvTable table;
  std::set<std::string> seen;
  for (const std::string& field : parser.rows.front().fields) {
    table.columns_.push_back(column_name(field));
    if (!seen.insert(table.columns_.back()).second) {
      return fail(ErrorCode::kInvalid, "bad_csv",
                  fmt::format("the column \"{}\" appears twice", table.columns_.back()));
    }
  }
  table.rows_.assign(std::make_move_iterator(parser.rows.begin() + 1),
                     std::make_move_iterator(parser.rows.end()));
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
