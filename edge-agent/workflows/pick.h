#pragma once
// Picking: claim a task at a station, take units into the tote by scan or by keyed quantity, say
// what cannot be found. Each function is one command and runs inside a job of the writer; its
// result is shown only after the commit. Loop only.

#include "core/base/barcode.h"
#include "core/domain/fulfilment/short_reason.h"
#include "core/gs1/variable_measure.h"
#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"
#include "edge-agent/workflows/scan_verdict.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace cairn::agent {

class Pick {
 public:
  /// A line ordering more than `keyed_above_milli` is scanned once and keyed. `measures`: what
  /// labels with a price or a weight in them mean at this site.
  explicit Pick(std::int64_t keyed_above_milli, gs1::MeasureScheme measures = {})
      : keyed_above_milli_(keyed_above_milli), measures_(std::move(measures)) {}

  /// The operator's station takes the task. Doing it again changes nothing.
  /// Errors: those of domain::decide(); kConflict "station_busy" (the station has an unfinished
  /// task).
  Result<> claim(storage::UnitOfWork& work, ShipGroupId group, const Operator& by);

  /// The operator's station gives the task back; `by_force`: whoever holds it.
  Result<> release(storage::UnitOfWork& work, ShipGroupId group, const Operator& by, bool by_force);

  /// One read at a station takes one unit of the task the station works on; of an article that is
  /// sold by weight, the weight on its label, if the site's measures tell it. Nothing is changed
  /// unless the verdict is kOk. Errors (each kRejected unless said): "no_task" (nothing claimed
  /// here), "unknown_item" (no product has this code), "wrong_item", "over_pick", and those of
  /// domain::decide().
  Result<ScanVerdict> scan(storage::UnitOfWork& work, const Operator& by, const Barcode& barcode);

  /// How many units the last read, a pending one, stands for.
  /// Errors: kConflict "nothing_pending" (scan first); those of domain::decide().
  Result<ScanVerdict> key_quantity(storage::UnitOfWork& work, const Operator& by,
                                   std::int64_t milli);

  /// Takes back the last pick of the task that the station claimed last, one after the other, ten
  /// at most. A read that waits for its quantity is forgotten. Errors: kRejected "no_task" (nothing
  /// was claimed here), "nothing_to_undo", and those of domain::decide().
  Result<ScanVerdict> undo(storage::UnitOfWork& work, const Operator& by);

  /// Units of a line are not to be had where they should be. Errors: those of domain::decide().
  struct Short {
    LineNo line;
    std::int64_t milli = 0;
    domain::ShortReason reason = domain::ShortReason::kNotInStock;
  };
  Result<> report_short(storage::UnitOfWork& work, ShipGroupId group, const Short& missing,
                        const Operator& by);

 private:
  struct Pending {
    ShipGroupId group;
    LineNo line;
  };

  Result<ScanVerdict> take(storage::UnitOfWork& work, const Operator& by, ShipGroupId group,
                           LineNo line, std::int64_t milli);

  std::int64_t keyed_above_milli_;
  gs1::MeasureScheme measures_;
  /// By station; goes with the process. Jobs change it: the writer keeps it in step.
  std::map<std::string, Pending> pending_;
};

}  // namespace cairn::agent
