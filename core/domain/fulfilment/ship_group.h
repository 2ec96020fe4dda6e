#pragma once
// Ship group: the lines of one order that one facility fills, with one method. It is the aggregate
// that the sites replicate; one facility for life (a re-route closes it and opens another). It
// carries its own snapshot of article data, so that nothing else is needed to pick it.
//
// Merge rule: ordered. view = fold(confirmed events in feed order ++ unconfirmed by (hlc, node,
// inc, seq)). evolve() is total and reads only (state, record): two truths that clash fold into
// put-backs and exceptions, the same on every replica.

#include "core/base/gtin.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/quantity.h"
#include "core/domain/envelope.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

enum class FulfilmentMethod : std::uint8_t { kShip = 1, kPickup = 2 };
/// "SHIP", "PICKUP".
std::string_view name_of(FulfilmentMethod method);

struct ShipGroupLine {
  LineNo line;  ///< the order's line
  Sku sku;
  std::string name;
  std::vector<Gtin> gtins;
  std::int64_t unit_weight_mg = 0;
  Money unit_price;
  Quantity ordered;

  friend bool operator==(const ShipGroupLine&, const ShipGroupLine&) = default;
};

// ---- events: facts, in the past tense ----

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

struct ShippedLine {
  LineNo line;
  std::int64_t milli = 0;
  friend bool operator==(const ShippedLine&, const ShippedLine&) = default;
};

/// What left the site for the customer.
struct ShipGroupShipped {
  static constexpr std::uint32_t kTypeId = 204;
  std::vector<ShippedLine> lines;
  friend bool operator==(const ShipGroupShipped&, const ShipGroupShipped&) = default;
};

using ShipGroupEvent =
    std::variant<ShipGroupAllocated, TaskClaimed, TaskReleased, LinePicked, ShipGroupShipped>;

// ---- state ----

/// Each unit of a line is in exactly one bucket; the buckets sum to the ordered quantity (I12).
/// Packed, handed over, short, cancelled and returned get their buckets with their events.
struct LineBuckets {
  std::int64_t open_milli = 0;
  std::int64_t picked_milli = 0;
  std::int64_t shipped_milli = 0;

  friend bool operator==(const LineBuckets&, const LineBuckets&) = default;
};

struct ShipGroupLineState {
  ShipGroupLine line;
  LineBuckets in;
  friend bool operator==(const ShipGroupLineState&, const ShipGroupLineState&) = default;
};

struct Claim {
  EventRef ref;  ///< the TaskClaimed that won
  Hlc at;
  UserId actor;
  std::string station;
  friend bool operator==(const Claim&, const Claim&) = default;
};

/// Units that were really picked but are not needed: somebody has to put them back. Derived, so
/// that every replica has the same; its name is the event that caused it.
struct PutBack {
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  LocationCode to;
  friend bool operator==(const PutBack&, const PutBack&) = default;
};

/// Two truths that clash. Derived; named by the event that caused it.
struct ShipGroupException {
  enum class Kind : std::uint8_t {
    kLostClaim = 1,        ///< a second claim, made without knowing the first
    kUnknownLine = 2,      ///< an event about a line the group does not have
    kShippedUnpicked = 3,  ///< more units shipped than are known to be picked
  };
  Kind kind = Kind::kLostClaim;
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  friend bool operator==(const ShipGroupException&, const ShipGroupException&) = default;
};

std::string_view name_of(ShipGroupException::Kind kind);

enum class ShipGroupStatus : std::uint8_t {
  kNone,       ///< not allocated (yet)
  kAllocated,  ///< waiting for a picker
  kPicking,    ///< claimed, or partly picked
  kPicked,     ///< every unit picked
  kShipped,    ///< every unit out of the door
};

/// "NONE", "ALLOCATED", "PICKING", "PICKED", "SHIPPED".
std::string_view name_of(ShipGroupStatus status);

struct ShipGroup {
  ShipGroupId id;
  OrderId order;
  std::string order_reference;
  SiteId site;
  FulfilmentMethod method = FulfilmentMethod::kShip;
  Hlc allocated_at;
  std::vector<ShipGroupLineState> lines;
  std::optional<Claim> claim;
  std::vector<PutBack> put_backs;              ///< in view order
  std::vector<ShipGroupException> exceptions;  ///< in view order

  [[nodiscard]] ShipGroupStatus status() const;
  [[nodiscard]] const ShipGroupLineState* find(LineNo line) const;
  friend bool operator==(const ShipGroup&, const ShipGroup&) = default;
};

/// Applies one event in place. Total: never fails, whatever the state.
void evolve(ShipGroup& group, const Recorded<ShipGroupEvent>& recorded);

/// The bin-like place of everything picked for a group until it leaves.
LocationCode tote_of(ShipGroupId group);

}  // namespace cairn::domain
