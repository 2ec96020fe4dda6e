#include "central/imports/columns.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::central {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return out;
}

}  // namespace

std::string_view Column::of(const CsvRow& row) const {
  if (!position_) return {};
  const std::string_view field = row.fields[*position_];
  const auto first = field.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return field.substr(first, field.find_last_not_of(" \t\r") - first + 1);
}

PriceColumn::PriceColumn(const CsvTable& table, std::initializer_list<std::string_view> names)
    : position_(table.find(names)), currency_(table, {"currency"}) {
  if (position_) return;
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const std::string& column = table.columns()[i];
    for (const std::string_view name : names) {
      const bool suffixed = column.size() == name.size() + 4 && column.starts_with(name) &&
                            column[name.size()] == '_';
      if (!suffixed) continue;
      const auto currency = Currency::parse(upper(column.substr(name.size() + 1)));
      if (!currency) continue;
      position_ = i;
      fixed_ = *currency;
    }
  }
}

Result<std::optional<Money>> PriceColumn::of(const CsvRow& row) const {
  if (!position_ || row.fields[*position_].empty()) return std::nullopt;
  const auto currency =
      fixed_ ? Result<Currency>(*fixed_) : Currency::parse(upper(currency_.of(row)));
  if (!currency) return fail(currency.error());
  const auto money = Money::parse(row.fields[*position_], *currency);
  if (!money) return fail(money.error().with_context("price"));
  return *money;
}

Result<> require_columns(const std::vector<std::pair<std::string_view, bool>>& needed) {
  std::string missing;
  for (const auto& [name, present] : needed) {
    if (!present) missing += fmt::format("{}{}", missing.empty() ? "" : ", ", name);
  }
  if (missing.empty()) return {};
  return fail(ErrorCode::kInvalid, "bad_csv",
              fmt::format("the file lacks these columns: {}; see docs/imports.md", missing));
}

Result<bool> parse_flag(std::string_view text, bool otherwise) {
  constexpr std::array<std::string_view, 3> kYes = {"1", "true", "yes"};
  constexpr std::array<std::string_view, 3> kNo = {"0", "false", "no"};
  if (text.empty()) return otherwise;
  if (std::ranges::find(kYes, text) != kYes.end()) return true;
  if (std::ranges::find(kNo, text) != kNo.end()) return false;
  return fail(ErrorCode::kInvalid, "bad_flag",
              fmt::format("\"{}\" is neither yes nor no (1 or 0)", excerpt(text)));
}

}  // namespace cairn::central
