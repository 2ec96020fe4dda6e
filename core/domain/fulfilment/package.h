#pragma once
// A package of a ship group: what is in it, what it weighs, its numbers and its label. Part of the
// group's state.

#include "core/domain/fulfilment/ship_group_events.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

enum class LabelStatus : std::uint8_t {
  kNone,      ///< no numbers yet
  kAssigned,  ///< has its numbers, was never sent to a printer
  kPrinting,  ///< on its way; after a crash: unknown
  kPrinted,
  kFailed,   ///< not printed; may be printed again
  kUnknown,  ///< perhaps printed; a person has to look
};
/// "NONE", "ASSIGNED", "PRINTING", "PRINTED", "FAILED", "UNKNOWN".
std::string_view name_of(LabelStatus status);

struct Package {
  EventRef ref;  ///< the PackageClosed
  std::vector<LineUnits> lines;
  std::int64_t weight_mg = 0;
  std::int64_t expected_mg = 0;
  WeightCheck check = WeightCheck::kMatched;
  std::string sscc;  ///< empty: none yet
  std::string tracking;
  LabelStatus label = LabelStatus::kNone;
  EventRef print;            ///< the last LabelPrintStarted
  std::string print_detail;  ///< why it is not printed

  friend bool operator==(const Package&, const Package&) = default;
};

/// One LabelPrintStarted. Kept also of packages that are not known yet: on a LAN a neighbour may
/// print a package again, and the hub hear of that before it hears of the package.
struct LabelPrint {
  EventRef ref;
  EventRef package;
  EventRef after;       ///< the print before it, that did not come out; none: the first
  bool failed = false;  ///< known not to have come out

  friend bool operator==(const LabelPrint&, const LabelPrint&) = default;
};

/// No package is heavier: what one person may lift (15 kg).
inline constexpr std::int64_t kPackageMostMg = 15'000'000;

}  // namespace cairn::domain
