#pragma once
// A provider's settlement file compared with what the hub knows was taken and given back: which
// lines agree, which do not, and what the file lacks. Nothing is changed by it. Any thread with a
// connection.

#include "core/base/money.h"
#include "core/base/time.h"
#include "core/storage/projections/card_moves.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::central {

enum class SettlementVerdict : std::uint8_t {
  kWrongAmount,  ///< another amount, currency or direction than was asked for
  kUnknown,      ///< the hub knows of no such capture or refund
  kTwice,        ///< a line before has settled it
  kMissing,      ///< the hub knows of it, and no line settles it
  kUnreadable,   ///< the line cannot be read
};
/// "WRONG_AMOUNT", "UNKNOWN", "TWICE", "MISSING", "UNREADABLE".
std::string_view name_of(SettlementVerdict verdict);

struct SettlementDifference {
  SettlementVerdict verdict = SettlementVerdict::kUnknown;
  std::int64_t line = 0;  ///< of the file, the header being 1; 0: it has none
  std::string reference;
  std::optional<storage::CardMove> ours;
  std::optional<Money> theirs;  ///< captures positive, refunds negative
  std::string problem;          ///< kUnreadable: why
};

/// Captures less refunds, in minor units.
struct SettlementSums {
  std::int64_t file_minor = 0;  ///< of all lines that can be read
  std::int64_t matched_minor = 0;
};

struct SettlementReport {
  std::int64_t lines = 0;
  std::int64_t matched = 0;
  UtcTime from;  ///< what the hub heard of in this time has to be in the file
  UtcTime to;
  std::map<Currency, SettlementSums> sums;
  std::vector<SettlementDifference>
      differences;    ///< by line, what is missing behind; 1,000 at most
  bool more = false;  ///< there are more
};

/// The time that the file is about; nothing: from its first to its last line.
struct SettlementPeriod {
  std::optional<UtcTime> from;
  std::optional<UtcTime> to;
};

/// `csv`: columns type (CAPTURE or REFUND), reference, amount_minor (more than nothing), currency,
/// settled_at (RFC 3339 in UTC), in any order, others are passed over. Errors: kInvalid "bad_csv"
/// (no header, a column is missing).
Result<SettlementReport> reconcile(storage::Connection& connection, std::string_view csv,
                                   const SettlementPeriod& period);

}  // namespace cairn::central
