#include "central/payments/settlement.h"

#include "central/imports/csv_table.h"
#include "core/base/numbers.h"
#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

using domain::PaymentAction;

constexpr std::size_t kDifferencesMost = 1'000;
constexpr std::size_t kMovesMost = 1'000'000;

constexpr std::array<std::pair<SettlementVerdict, std::string_view>, 5> kVerdicts = {{
    {SettlementVerdict::kWrongAmount, "WRONG_AMOUNT"},
    {SettlementVerdict::kUnknown, "UNKNOWN"},
    {SettlementVerdict::kTwice, "TWICE"},
    {SettlementVerdict::kMissing, "MISSING"},
    {SettlementVerdict::kUnreadable, "UNREADABLE"},
}};

struct Columns {
  std::size_t type = 0;
  std::size_t reference = 0;
  std::size_t amount = 0;
  std::size_t currency = 0;
  std::size_t at = 0;
};

Result<Columns> columns_of(const CsvTable& table) {
  Columns columns;
  for (const auto& [name, place] :
       {std::pair{"type", &columns.type}, std::pair{"reference", &columns.reference},
        std::pair{"amount_minor", &columns.amount}, std::pair{"currency", &columns.currency},
        std::pair{"settled_at", &columns.at}}) {
    const auto found = table.find({name});
    if (!found) {
      return fail(ErrorCode::kInvalid, "bad_csv", fmt::format("there is no column {}", name));
    }
    *place = *found;
  }
  return columns;
}

struct Line {
  std::string reference;
  Money signed_amount;
  UtcTime at;
};

tl::unexpected<Error> unreadable(std::string why) {
  return fail(ErrorCode::kInvalid, "unreadable", std::move(why));
}

Result<Line> read_line(const CsvRow& row, const Columns& columns) {
  if (!row.problem.empty()) return unreadable(row.problem);
  const auto field = [&row](std::size_t at) {
    return at < row.fields.size() ? row.fields[at] : std::string();
  };
  const std::string type = field(columns.type);
  if (type != "CAPTURE" && type != "REFUND") return unreadable("type is CAPTURE or REFUND");
  const auto minor = parse_signed(field(columns.amount));
  if (!minor || *minor <= 0 || *minor > kMaxMinor) {
    return unreadable("amount_minor is a number from 1");
  }
  const auto currency = Currency::parse(field(columns.currency));
  if (!currency) return unreadable("currency is three capitals");
  const auto at = UtcTime::parse(field(columns.at));
  if (!at) return unreadable("settled_at is a time in UTC");
  const std::string reference = field(columns.reference);
  if (reference.empty() || reference.size() > domain::kReferenceMost || !is_utf8(reference)) {
    return unreadable("there is no reference");
  }
  return Line{reference, {type == "REFUND" ? -*minor : *minor, *currency}, *at};
}

Money signed_amount(const storage::CardMove& move) {
  const bool refund = move.action == PaymentAction::kRefund;
  return {refund ? -move.amount.minor : move.amount.minor, move.amount.currency};
}

/// Goes through the file once.
class Comparison {
 public:
  explicit Comparison(storage::Connection& connection) : connection_(&connection) {
    report_.from = UtcTime{std::numeric_limits<std::int64_t>::max()};
    report_.to = UtcTime{std::numeric_limits<std::int64_t>::min()};
  }

  void look_at(const CsvRow& row, const Columns& columns) {
    ++report_.lines;
    const auto line = read_line(row, columns);
    if (!line) {
      differ({SettlementVerdict::kUnreadable, row.line, "", {}, {}, line.error().message});
      return;
    }
    report_.from = std::min(report_.from, line->at);
    report_.to = std::max(report_.to, line->at);
    SettlementSums& sums = report_.sums[line->signed_amount.currency];
    sums.file_minor += line->signed_amount.minor;
    const auto ours = storage::find_card_move(*connection_, line->reference);
    const bool first = settled_.insert(line->reference).second;
    if (ours && first && signed_amount(*ours) == line->signed_amount) {
      ++report_.matched;
      sums.matched_minor += line->signed_amount.minor;
      return;
    }
    const auto verdict = !ours    ? SettlementVerdict::kUnknown
                         : !first ? SettlementVerdict::kTwice
                                  : SettlementVerdict::kWrongAmount;
    differ({verdict, row.line, line->reference, ours, line->signed_amount, ""});
  }

  SettlementReport end(const SettlementPeriod& period) {
    report_.from = period.from.value_or(report_.from);
    report_.to = period.to.value_or(report_.to);
    const auto moves = storage::card_moves(*connection_, report_.from, report_.to, kMovesMost);
    for (const storage::CardMove& move : moves) {
      if (settled_.contains(move.reference)) continue;
      differ({SettlementVerdict::kMissing, 0, move.reference, move, {}, ""});
    }
    report_.more = report_.more || moves.size() == kMovesMost;
    return std::move(report_);
  }

 private:
  void differ(SettlementDifference difference) {
    report_.more = report_.differences.size() == kDifferencesMost;
    if (!report_.more) report_.differences.push_back(std::move(difference));
  }

  storage::Connection* connection_;
  SettlementReport report_;
  std::set<std::string> settled_;  ///< references
};

}  // namespace

std::string_view name_of(SettlementVerdict verdict) {
  const auto* const found =
      std::ranges::find(kVerdicts, verdict, &decltype(kVerdicts)::value_type::first);
  return found == kVerdicts.end() ? std::string_view() : found->second;
}

Result<SettlementReport> reconcile(storage::Connection& connection, std::string_view csv,
                                   const SettlementPeriod& period) {
  const auto table = CsvTable::parse(csv);
  if (!table) return fail(table.error());
  const auto columns = columns_of(*table);
  if (!columns) return fail(columns.error());
  Comparison comparison(connection);
  for (const CsvRow& row : table->rows()) comparison.look_at(row, *columns);
  return comparison.end(period);
}

}  // namespace cairn::central
