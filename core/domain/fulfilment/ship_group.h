#pragma once
// Ship group: the lines of one order that one facility fills, with one method. It is the aggregate
// that the sites replicate; one facility for life (a re-route closes it and opens another). It
// carries its own snapshot of article data, so that nothing else is needed to pick it.
//
// Merge rule: ordered. view = fold(confirmed events in feed order ++ unconfirmed by (hlc, node,
// inc, seq)). evolve() is total and reads only (state, record): two truths that clash fold into
// put-backs and exceptions, the same on every replica.

#include "core/domain/envelope.h"
#include "core/domain/fulfilment/package.h"
#include "core/domain/fulfilment/ship_group_events.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::domain {

/// Each unit of a line is in exactly one bucket; the buckets sum to the ordered quantity (I12).
struct LineBuckets {
  std::int64_t open_milli = 0;
  std::int64_t picked_milli = 0;       ///< in the tote
  std::int64_t packed_milli = 0;       ///< in a closed package
  std::int64_t shipped_milli = 0;      ///< out of the door
  std::int64_t handed_over_milli = 0;  ///< with the customer, at the counter
  std::int64_t short_milli = 0;        ///< not to be had here; the hub looks elsewhere
  std::int64_t cancelled_milli = 0;
  std::int64_t returned_milli = 0;

  [[nodiscard]] std::int64_t sum_milli() const;
  LineBuckets& operator+=(const LineBuckets& other);
  friend bool operator==(const LineBuckets&, const LineBuckets&) = default;
};

struct ShipGroupLineState {
  ShipGroupLine line;
  LineBuckets in;
  LocationCode picked_from;  ///< the last bin a unit of it was taken from
  /// Came back, by the word of a device that knew how they left; here that is not known yet.
  std::int64_t back_early_milli = 0;
  friend bool operator==(const ShipGroupLineState&, const ShipGroupLineState&) = default;
};

struct Claim {
  EventRef ref;  ///< the TaskClaimed that won
  Hlc at;
  UserId actor;
  std::string station;
  friend bool operator==(const Claim&, const Claim&) = default;
};

/// A LinePicked, and what became of it.
struct PickedUnits {
  EventRef ref;
  LineNo line;
  std::int64_t milli = 0;
  std::int64_t counted_milli = 0;  ///< as many were open; the rest is a put-back
  LocationCode from;
  bool undone = false;
  std::int64_t taken_back_milli = 0;  ///< by its undoing: open again, or no put-back any more
  friend bool operator==(const PickedUnits&, const PickedUnits&) = default;
};

/// Units that were really picked but are not needed: somebody has to put them back. Derived, so
/// that every replica has the same; its name is the event that caused it, and the line.
struct PutBack {
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  LocationCode to;
  std::int64_t done_milli = 0;  ///< in their bin again, or found to have left after all

  [[nodiscard]] std::int64_t left_milli() const { return milli - done_milli; }
  friend bool operator==(const PutBack&, const PutBack&) = default;
};

struct Pickup {
  Bytes salt;
  Bytes hash;  ///< of the code; empty: none was minted
  int wrong_codes = 0;

  static constexpr std::size_t kSaltSize = 16;
  static constexpr std::size_t kHashSize = 16;
  /// After so many wrong codes only a new code, or a second person, opens it.
  static constexpr int kWrongCodesMost = 5;
  [[nodiscard]] bool locked() const { return wrong_codes >= kWrongCodesMost; }
  friend bool operator==(const Pickup&, const Pickup&) = default;
};

/// What of a put-back is done because the units have left.
struct SettledPutBack {
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  friend bool operator==(const SettledPutBack&, const SettledPutBack&) = default;
};

struct HandOver {
  EventRef ref;  ///< the HandedOver
  Hlc at;
  std::vector<LineUnits> lines;  ///< as far as they were there
  bool undone = false;
  std::vector<SettledPutBack> settled = {};  ///< put-backs of units that the customer has
  friend bool operator==(const HandOver&, const HandOver&) = default;
};

/// Two truths that clash. Derived; named by the event that caused it.
struct ShipGroupException {
  enum class Kind : std::uint8_t {
    kLostClaim = 1,           ///< a second claim, made without knowing the first
    kUnknownLine = 2,         ///< an event about a line the group does not have
    kShippedUnpicked = 3,     ///< more units left than are known to be picked
    kPackedUnpicked = 4,      ///< a package holds more than is known to be picked
    kShippedAfterCancel = 5,  ///< cancelled units left: capture again, or a loss
    kHandedAfterCancel = 6,   ///< cancelled units were handed over: capture again, or a loss
    kDuplicateHandOver = 7,   ///< handed over a second time, without knowing the first
    kDuplicateLabel = 8,      ///< a second label for one package, without knowing the first
    kUndoneUnpicked = 9,      ///< a pick was undone of which units are packed or have left
  };
  Kind kind = Kind::kLostClaim;
  EventRef cause;
  LineNo line;  ///< 0: not about a line
  std::int64_t milli = 0;
  friend bool operator==(const ShipGroupException&, const ShipGroupException&) = default;
};

std::string_view name_of(ShipGroupException::Kind kind);

enum class ShipGroupStatus : std::uint8_t {
  kNone,        ///< not allocated (yet)
  kAllocated,   ///< waiting for a picker
  kPicking,     ///< claimed, or partly picked
  kPicked,      ///< to ship: every unit is in the tote or a package, not all packed
  kPacked,      ///< to ship: every unit is in a package
  kShipped,     ///< every unit is out of the door
  kReady,       ///< pickup: every unit waits for the customer
  kHandedOver,  ///< pickup: the customer has it
  kCancelled,   ///< nothing is left to do: all cancelled
  kRejected,    ///< nothing is left to do here: short, or short and cancelled
};
inline constexpr std::size_t kShipGroupStatuses = 10;

/// "NONE", "ALLOCATED", "PICKING", "PICKED", "PACKED", "SHIPPED", "READY", "HANDED_OVER",
/// "CANCELLED", "REJECTED".
std::string_view name_of(ShipGroupStatus status);
/// Errors: kInvalid "bad_status" with the known ones.
Result<ShipGroupStatus> parse_ship_group_status(std::string_view text);

struct ShipGroup {
  ShipGroupId id;
  OrderId order;
  std::string order_reference;
  SiteId site;
  FulfilmentMethod method = FulfilmentMethod::kShip;
  Hlc allocated_at;
  std::vector<ShipGroupLineState> lines;
  std::optional<Claim> claim;
  std::vector<PickedUnits> picks;  ///< in view order
  std::vector<Package> packages;   ///< in view order
  std::vector<LabelPrint> prints;  ///< of all packages, in view order
  Pickup pickup;
  std::vector<HandOver> hand_overs;            ///< in view order
  std::vector<PutBack> put_backs;              ///< in view order
  std::vector<ShipGroupException> exceptions;  ///< in view order

  [[nodiscard]] ShipGroupStatus status() const;
  /// Over all lines.
  [[nodiscard]] LineBuckets totals() const;
  [[nodiscard]] const ShipGroupLineState* find(LineNo line) const;
  [[nodiscard]] const Package* find_package(const EventRef& package) const;
  [[nodiscard]] const PickedUnits* find_pick(const EventRef& pick) const;
  [[nodiscard]] const PutBack* find_put_back(const EventRef& cause, LineNo line) const;
  friend bool operator==(const ShipGroup&, const ShipGroup&) = default;
};

/// Applies one event in place. Total: never fails, whatever the state.
void evolve(ShipGroup& group, const Recorded<ShipGroupEvent>& recorded);

/// The bin-like place of everything picked for a group until it leaves.
LocationCode tote_of(ShipGroupId group);

}  // namespace cairn::domain
