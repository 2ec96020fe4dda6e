#include "core/domain/fulfilment/ship_group.h"

#include "core/base/assert.h"

#include <algorithm>

namespace cairn::domain {

std::string_view name_of(FulfilmentMethod method) {
  switch (method) {
    case FulfilmentMethod::kShip:
      return "SHIP";
    case FulfilmentMethod::kPickup:
      return "PICKUP";
  }
  return "";
}

std::string_view name_of(ShipGroupException::Kind kind) {
  switch (kind) {
    case ShipGroupException::Kind::kLostClaim:
      return "LOST_CLAIM";
    case ShipGroupException::Kind::kUnknownLine:
      return "UNKNOWN_LINE";
    case ShipGroupException::Kind::kShippedUnpicked:
      return "SHIPPED_UNPICKED";
  }
  return "";
}

std::string_view name_of(ShipGroupStatus status) {
  switch (status) {
    case ShipGroupStatus::kNone:
      return "NONE";
    case ShipGroupStatus::kAllocated:
      return "ALLOCATED";
    case ShipGroupStatus::kPicking:
      return "PICKING";
    case ShipGroupStatus::kPicked:
      return "PICKED";
    case ShipGroupStatus::kShipped:
      return "SHIPPED";
  }
  return "";
}

ShipGroupStatus ShipGroup::status() const {
  if (lines.empty()) return ShipGroupStatus::kNone;
  LineBuckets sum;
  for (const ShipGroupLineState& line : lines) {
    sum.open_milli += line.in.open_milli;
    sum.picked_milli += line.in.picked_milli;
    sum.shipped_milli += line.in.shipped_milli;
  }
  if (sum.open_milli == 0 && sum.picked_milli == 0) return ShipGroupStatus::kShipped;
  if (sum.open_milli == 0) return ShipGroupStatus::kPicked;
  const bool begun = claim.has_value() || sum.picked_milli > 0 || sum.shipped_milli > 0;
  return begun ? ShipGroupStatus::kPicking : ShipGroupStatus::kAllocated;
}

const ShipGroupLineState* ShipGroup::find(LineNo line) const {
  const auto found =
      std::ranges::find(lines, line, [](const ShipGroupLineState& s) { return s.line.line; });
  return found == lines.end() ? nullptr : &*found;
}

LocationCode tote_of(ShipGroupId group) {
  // The tail of a version 7 UUID is random; its head is only the time.
  const std::string hex = to_hex(group.value().bytes());
  const auto code = LocationCode::parse("TOTE-" + hex.substr(20));
  CAIRN_ASSERT(code.has_value(), "a tote's code is well-formed");
  return *code;
}

}  // namespace cairn::domain
