#pragma once
// Columns by their names: which are there, and what a row says in them. Pure.

#include "central/imports/csv_table.h"
#include "core/base/money.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::central {

/// A column that may be missing.
class Column {
 public:
  Column() = default;
  Column(const CsvTable& table, std::initializer_list<std::string_view> names)
      : position_(table.find(names)) {}

  [[nodiscard]] bool present() const { return position_.has_value(); }
  /// The field without blanks around; empty if the column is missing.
  [[nodiscard]] std::string_view of(const CsvRow& row) const;

 private:
  std::optional<std::size_t> position_;
};

/// A price: either a column of that name with a column "currency", or one whose name ends in the
/// currency, e.g. "unit_price_gbp".
class PriceColumn {
 public:
  PriceColumn() = default;
  /// `names`: accepted names without a currency.
  PriceColumn(const CsvTable& table, std::initializer_list<std::string_view> names);

  [[nodiscard]] bool present() const { return position_.has_value(); }
  /// Nothing for an empty field. Errors: kInvalid "bad_number", "bad_currency".
  [[nodiscard]] Result<std::optional<Money>> of(const CsvRow& row) const;

 private:
  std::optional<std::size_t> position_;
  std::optional<Currency> fixed_;
  Column currency_;
};

/// Errors: kInvalid "bad_csv" naming every column that is needed and missing.
Result<> require_columns(const std::vector<std::pair<std::string_view, bool>>& needed);

/// "1", "true", "yes" or "0", "false", "no"; empty: `otherwise`. Errors: kInvalid "bad_flag".
Result<bool> parse_flag(std::string_view text, bool otherwise);

}  // namespace cairn::central
