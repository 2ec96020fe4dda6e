#pragma once
// What happens to a ship group: facts, in the past tense. The group is the record's key. Pure data.

#include "core/base/bytes.h"
#include "core/base/gtin.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/quantity.h"
#include "core/domain/fulfilment/short_reason.h"
#include "core/domain/order/order.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

struct ShipGroupLine {
  LineNo line;  ///< the order's line
  Sku sku;
  std::string name;
  std::vector<Gtin> gtins;
  std::int64_t unit_weight_mg = 0;  ///< 0: not known
  Money unit_price;
  Quantity ordered;

  friend bool operator==(const ShipGroupLine&, const ShipGroupLine&) = default;
};

/// Units of one line.
struct LineUnits {
  LineNo line;
  std::int64_t milli = 0;  ///< > 0
  friend bool operator==(const LineUnits&, const LineUnits&) = default;
};

// ---- the task ----

/// By the hub: the group exists and this site fills it.
struct ShipGroupAllocated {
  static constexpr std::uint32_t kTypeId = 200;
  ShipGroupId group;
  OrderId order;
  std::string order_reference;  ///< what people call the order: its number in its channel
  FulfilmentMethod method = FulfilmentMethod::kShip;
  std::vector<ShipGroupLine> lines;
  friend bool operator==(const ShipGroupAllocated&, const ShipGroupAllocated&) = default;
};

/// A person at a station took the pick task. The first in the view wins.
struct TaskClaimed {
  static constexpr std::uint32_t kTypeId = 201;
  std::string station;
  friend bool operator==(const TaskClaimed&, const TaskClaimed&) = default;
};

/// The claim `claim` was given back; what was picked stays picked.
struct TaskReleased {
  static constexpr std::uint32_t kTypeId = 202;
  EventRef claim;
  friend bool operator==(const TaskReleased&, const TaskReleased&) = default;
};

/// Units of a line were taken from a bin into the group's tote.
struct LinePicked {
  static constexpr std::uint32_t kTypeId = 203;
  LineNo line;
  std::int64_t milli = 0;
  LocationCode from;
  friend bool operator==(const LinePicked&, const LinePicked&) = default;
};

/// A pick was a mistake: its units went from the tote back into the bin they came from.
struct PickUndone {
  static constexpr std::uint32_t kTypeId = 218;
  EventRef pick;  ///< the LinePicked
  LineNo line;
  std::int64_t milli = 0;  ///< of that pick
  friend bool operator==(const PickUndone&, const PickUndone&) = default;
};

/// Units of a line could not be picked where they should be.
struct LineShorted {
  static constexpr std::uint32_t kTypeId = 205;
  LineNo line;
  std::int64_t milli = 0;
  ShortReason reason = ShortReason::kNotInStock;
  LocationCode from;  ///< the bin that was looked at
  friend bool operator==(const LineShorted&, const LineShorted&) = default;
};

/// Units that were picked but are not needed went back to a bin.
struct PutBackDone {
  static constexpr std::uint32_t kTypeId = 216;
  EventRef cause;  ///< of the put-back
  LineNo line;
  std::int64_t milli = 0;
  LocationCode to;
  friend bool operator==(const PutBackDone&, const PutBackDone&) = default;
};

// ---- packing and shipping; a package is named by the event that closed it ----

enum class WeightCheck : std::uint8_t {
  kMatched = 1,
  kOverridden = 2,  ///< a second person let it pass
  kNotChecked = 3,  ///< a unit's weight is not known
};
/// "MATCHED", "OVERRIDDEN", "NOT_CHECKED".
std::string_view name_of(WeightCheck check);

struct PackageClosed {
  static constexpr std::uint32_t kTypeId = 206;
  std::vector<LineUnits> lines;
  std::int64_t weight_mg = 0;    ///< as weighed
  std::int64_t expected_mg = 0;  ///< sum of the units' weights
  WeightCheck check = WeightCheck::kMatched;
  UserId approved_by;  ///< kOverridden: the second person
  std::string reason;  ///< kOverridden: why, 1-200 octets
  friend bool operator==(const PackageClosed&, const PackageClosed&) = default;
};

/// The package has its numbers, for good: a reprint keeps them.
struct LabelAssigned {
  static constexpr std::uint32_t kTypeId = 207;
  EventRef package;
  std::string sscc;      ///< 18 digits
  std::string tracking;  ///< the carrier's number
  friend bool operator==(const LabelAssigned&, const LabelAssigned&) = default;
};

/// Written before the first octet goes to the printer.
struct LabelPrintStarted {
  static constexpr std::uint32_t kTypeId = 208;
  EventRef package;
  std::string printer;
  EventRef after = {};  ///< the print before it, which did not come out; none: it is the first
  friend bool operator==(const LabelPrintStarted&, const LabelPrintStarted&) = default;
};

enum class PrintOutcome : std::uint8_t {
  kDone = 1,
  kFailed = 2,   ///< nothing was printed
  kUnknown = 3,  ///< perhaps printed: a person has to look
};
/// "DONE", "FAILED", "UNKNOWN".
std::string_view name_of(PrintOutcome outcome);

struct LabelPrintEnded {
  static constexpr std::uint32_t kTypeId = 209;
  EventRef start;  ///< the LabelPrintStarted
  PrintOutcome outcome = PrintOutcome::kUnknown;
  std::string detail;  ///< for people: why not done
  friend bool operator==(const LabelPrintEnded&, const LabelPrintEnded&) = default;
};

/// A person looked whether the label came out.
struct LabelChecked {
  static constexpr std::uint32_t kTypeId = 210;
  EventRef package;
  bool came_out = false;
  EventRef print = {};  ///< the LabelPrintStarted that was looked for; none: it was never printed
  friend bool operator==(const LabelChecked&, const LabelChecked&) = default;
};

/// What left the site for the customer.
struct ShipGroupShipped {
  static constexpr std::uint32_t kTypeId = 204;
  std::vector<LineUnits> lines;
  friend bool operator==(const ShipGroupShipped&, const ShipGroupShipped&) = default;
};

// ---- pickup ----

/// By the hub: the customer has a new six-digit code; only its salted hash is here.
struct PickupCodeMinted {
  static constexpr std::uint32_t kTypeId = 211;
  Bytes salt;  ///< 16 octets
  Bytes hash;  ///< 16 octets
  friend bool operator==(const PickupCodeMinted&, const PickupCodeMinted&) = default;
};

/// Somebody gave a wrong code.
struct PickupCodeRefused {
  static constexpr std::uint32_t kTypeId = 212;
  friend bool operator==(const PickupCodeRefused&, const PickupCodeRefused&) = default;
};

enum class HandOverProof : std::uint8_t {
  kCode = 1,
  kApproved = 2,  ///< without the code; a second person let it pass
};
/// "CODE", "APPROVED".
std::string_view name_of(HandOverProof proof);

/// The customer has it.
struct HandedOver {
  static constexpr std::uint32_t kTypeId = 213;
  std::vector<LineUnits> lines;
  HandOverProof proof = HandOverProof::kCode;
  UserId approved_by;
  std::string reason;
  friend bool operator==(const HandedOver&, const HandedOver&) = default;
};

/// It was a mistake: nothing left the counter.
struct HandOverUndone {
  static constexpr std::uint32_t kTypeId = 214;
  EventRef hand_over;
  friend bool operator==(const HandOverUndone&, const HandOverUndone&) = default;
};

// ---- after the fact ----

/// By the hub: units are not wanted any more, whatever a site does with them at the moment.
struct GroupUnitsCancelled {
  static constexpr std::uint32_t kTypeId = 215;
  LineNo line;
  std::int64_t milli = 0;
  CancelReason reason = CancelReason::kCustomer;
  std::string source;  ///< what asked for it
  friend bool operator==(const GroupUnitsCancelled&, const GroupUnitsCancelled&) = default;
};

/// Units came back; the return ledger has the rest of the story.
struct UnitsReturned {
  static constexpr std::uint32_t kTypeId = 217;
  LineNo line;
  std::int64_t milli = 0;
  EventRef taken;  ///< the ReturnTaken
  friend bool operator==(const UnitsReturned&, const UnitsReturned&) = default;
};

using ShipGroupEvent =
    std::variant<ShipGroupAllocated, TaskClaimed, TaskReleased, LinePicked, ShipGroupShipped,
                 LineShorted, PackageClosed, LabelAssigned, LabelPrintStarted, LabelPrintEnded,
                 LabelChecked, PickupCodeMinted, PickupCodeRefused, HandedOver, HandOverUndone,
                 GroupUnitsCancelled, PutBackDone, UnitsReturned, PickUndone>;

}  // namespace cairn::domain
