#pragma once
// A CSV file with a header line, read whole (RFC 4180; comma, semicolon or tab, as the header
// shows; lines may end with LF, CR LF or CR). The parser behind it is libcsv, known to this file
// only. Any thread.

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::central {

struct CsvRow {
  std::int64_t line = 0;  ///< of the file where the row begins, the header being 1
  std::vector<std::string> fields;
  std::string problem;  ///< not empty: the row cannot be read
};

class CsvTable {
 public:
  /// Errors: kInvalid "bad_csv" (no header, a column name twice).
  static Result<CsvTable> parse(std::string_view text);

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] const std::vector<CsvRow>& rows() const { return rows_; }

  /// Position of the first of these columns that is there.
  [[nodiscard]] std::optional<std::size_t> find(
      std::initializer_list<std::string_view> names) const;

 private:
  std::vector<std::string> columns_;  ///< lower case, without blanks around
  std::vector<CsvRow> rows_;
};

}  // namespace cairn::central
