#pragma once
// Picking: claim a task at a station, take units into the tote by scan or by keyed quantity, send
// the group off. Each function is one command and runs inside a job of the writer; its result is
// shown only after the commit. Loop only.

#include "core/base/barcode.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cairn::agent {

/// A person at a station.
struct Operator {
  UserId user;
  std::string station;
};

/// What a scan did.
struct PickVerdict {
  enum class Kind : std::uint8_t {
    kOk,       ///< saved
    kPending,  ///< the item is right; key how many
  };
  Kind kind = Kind::kOk;
  ShipGroupId group;
  std::string order_reference;
  LineNo line;
  Sku sku;
  std::string name;
  std::int64_t taken_milli = 0;      ///< by this scan
  std::int64_t line_open_milli = 0;  ///< of this line, afterwards
  std::int64_t open_milli = 0;       ///< of the whole group, afterwards
  EventRef event;                    ///< the saved LinePicked; nil while pending
};

class Pick {
 public:
  /// A line ordering more than `keyed_above_milli` is scanned once and keyed.
  explicit Pick(std::int64_t keyed_above_milli) : keyed_above_milli_(keyed_above_milli) {}

  /// The operator's station takes the task. Doing it again changes nothing.
  /// Errors: those of domain::decide(); kConflict "station_busy" (the station has an unfinished
  /// task).
  Result<> claim(storage::UnitOfWork& work, ShipGroupId group, const Operator& by);

  /// The operator's station gives the task back; `by_force`: whoever holds it.
  Result<> release(storage::UnitOfWork& work, ShipGroupId group, const Operator& by, bool by_force);

  /// One read at a station takes one unit of the task the station works on. Nothing is changed
  /// unless the verdict is kOk. Errors (each kRejected unless said): "no_task" (nothing claimed
  /// here), "unknown_item" (no product has this code), "wrong_item", "over_pick", and those of
  /// domain::decide().
  Result<PickVerdict> scan(storage::UnitOfWork& work, const Operator& by, const Barcode& barcode);

  /// How many units the last read, a pending one, stands for.
  /// Errors: kConflict "nothing_pending" (scan first); those of domain::decide().
  Result<PickVerdict> key_quantity(storage::UnitOfWork& work, const Operator& by,
                                   std::int64_t milli);

  /// Everything picked of the group leaves the site. Errors: those of domain::decide().
  Result<EventRef> ship(storage::UnitOfWork& work, ShipGroupId group, const Operator& by);

 private:
  struct Pending {
    ShipGroupId group;
    LineNo line;
  };

  Result<PickVerdict> take(storage::UnitOfWork& work, const Operator& by, ShipGroupId group,
                           LineNo line, std::int64_t milli);

  std::int64_t keyed_above_milli_;
  std::map<std::string, Pending> pending_;  ///< by station; only a convenience, lost without harm
};

}  // namespace cairn::agent
