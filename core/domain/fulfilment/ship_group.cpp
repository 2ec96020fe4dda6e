#include "core/domain/fulfilment/ship_group.h"

#include "core/base/assert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::domain {
namespace {

using Kind = ShipGroupException::Kind;
using Status = ShipGroupStatus;

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<WeightCheck, 3> kChecks = {{{WeightCheck::kMatched, "MATCHED"},
                                            {WeightCheck::kOverridden, "OVERRIDDEN"},
                                            {WeightCheck::kNotChecked, "NOT_CHECKED"}}};
constexpr Names<PrintOutcome, 3> kOutcomes = {{{PrintOutcome::kDone, "DONE"},
                                               {PrintOutcome::kFailed, "FAILED"},
                                               {PrintOutcome::kUnknown, "UNKNOWN"}}};
constexpr Names<HandOverProof, 2> kProofs = {
    {{HandOverProof::kCode, "CODE"}, {HandOverProof::kApproved, "APPROVED"}}};
constexpr Names<LabelStatus, 6> kLabels = {{{LabelStatus::kNone, "NONE"},
                                            {LabelStatus::kAssigned, "ASSIGNED"},
                                            {LabelStatus::kPrinting, "PRINTING"},
                                            {LabelStatus::kPrinted, "PRINTED"},
                                            {LabelStatus::kFailed, "FAILED"},
                                            {LabelStatus::kUnknown, "UNKNOWN"}}};
constexpr Names<Kind, 9> kExceptions = {{{Kind::kLostClaim, "LOST_CLAIM"},
                                         {Kind::kUnknownLine, "UNKNOWN_LINE"},
                                         {Kind::kShippedUnpicked, "SHIPPED_UNPICKED"},
                                         {Kind::kPackedUnpicked, "PACKED_UNPICKED"},
                                         {Kind::kShippedAfterCancel, "SHIPPED_AFTER_CANCEL"},
                                         {Kind::kHandedAfterCancel, "HANDED_AFTER_CANCEL"},
                                         {Kind::kDuplicateHandOver, "DUPLICATE_HANDOVER"},
                                         {Kind::kDuplicateLabel, "DUPLICATE_LABEL"},
                                         {Kind::kUndoneUnpicked, "UNDONE_UNPICKED"}}};
constexpr Names<Status, kShipGroupStatuses> kStatuses = {{{Status::kNone, "NONE"},
                                                          {Status::kAllocated, "ALLOCATED"},
                                                          {Status::kPicking, "PICKING"},
                                                          {Status::kPicked, "PICKED"},
                                                          {Status::kPacked, "PACKED"},
                                                          {Status::kShipped, "SHIPPED"},
                                                          {Status::kReady, "READY"},
                                                          {Status::kHandedOver, "HANDED_OVER"},
                                                          {Status::kCancelled, "CANCELLED"},
                                                          {Status::kRejected, "REJECTED"}}};

template <class Enum, std::size_t N>
std::string_view name_in(const Names<Enum, N>& names, Enum value) {
  for (const auto& [each, name] : names) {
    if (each == value) return name;
  }
  return "";
}

}  // namespace

std::string_view name_of(WeightCheck check) { return name_in(kChecks, check); }
std::string_view name_of(PrintOutcome outcome) { return name_in(kOutcomes, outcome); }
std::string_view name_of(HandOverProof proof) { return name_in(kProofs, proof); }
std::string_view name_of(LabelStatus status) { return name_in(kLabels, status); }
std::string_view name_of(ShipGroupException::Kind kind) { return name_in(kExceptions, kind); }
std::string_view name_of(ShipGroupStatus status) { return name_in(kStatuses, status); }

Result<ShipGroupStatus> parse_ship_group_status(std::string_view text) {
  std::string known;
  for (const auto& [status, name] : kStatuses) {
    if (status == Status::kNone) continue;
    if (name == text) return status;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return fail(ErrorCode::kInvalid, "bad_status", "a status is one of " + known);
}

std::int64_t LineBuckets::sum_milli() const {
  return open_milli + picked_milli + packed_milli + shipped_milli + handed_over_milli +
         short_milli + cancelled_milli + returned_milli;
}

LineBuckets& LineBuckets::operator+=(const LineBuckets& other) {
  open_milli += other.open_milli;
  picked_milli += other.picked_milli;
  packed_milli += other.packed_milli;
  shipped_milli += other.shipped_milli;
  handed_over_milli += other.handed_over_milli;
  short_milli += other.short_milli;
  cancelled_milli += other.cancelled_milli;
  returned_milli += other.returned_milli;
  return *this;
}

LineBuckets ShipGroup::totals() const {
  LineBuckets sum;
  for (const ShipGroupLineState& line : lines) sum += line.in;
  return sum;
}

ShipGroupStatus ShipGroup::status() const {
  if (lines.empty()) return Status::kNone;
  const LineBuckets in = totals();
  const std::int64_t gone = in.shipped_milli + in.handed_over_milli + in.returned_milli;
  if (in.open_milli > 0) {
    const bool begun =
        claim.has_value() || in.picked_milli + in.packed_milli + in.short_milli + gone > 0;
    return begun ? Status::kPicking : Status::kAllocated;
  }
  const bool pickup_order = method == FulfilmentMethod::kPickup;
  if (in.picked_milli > 0) return pickup_order ? Status::kReady : Status::kPicked;
  if (in.packed_milli > 0) return Status::kPacked;
  if (gone > 0) return pickup_order ? Status::kHandedOver : Status::kShipped;
  return in.short_milli > 0 ? Status::kRejected : Status::kCancelled;
}

const ShipGroupLineState* ShipGroup::find(LineNo line) const {
  const auto found =
      std::ranges::find(lines, line, [](const ShipGroupLineState& s) { return s.line.line; });
  return found == lines.end() ? nullptr : &*found;
}

const Package* ShipGroup::find_package(const EventRef& package) const {
  const auto found = std::ranges::find(packages, package, &Package::ref);
  return found == packages.end() ? nullptr : &*found;
}

const PickedUnits* ShipGroup::find_pick(const EventRef& pick) const {
  const auto found = std::ranges::find(picks, pick, &PickedUnits::ref);
  return found == picks.end() ? nullptr : &*found;
}

const PutBack* ShipGroup::find_put_back(const EventRef& cause, LineNo line) const {
  const auto found = std::ranges::find_if(put_backs, [&cause, line](const PutBack& back) {
    return back.cause == cause && back.line == line;
  });
  return found == put_backs.end() ? nullptr : &*found;
}

LocationCode tote_of(ShipGroupId group) {
  // The tail of a version 7 UUID is random; its head is only the time.
  const std::string hex = to_hex(group.value().bytes());
  const auto code = LocationCode::parse("TOTE-" + hex.substr(20));
  CAIRN_ASSERT(code.has_value(), "a tote's code is well-formed");
  return *code;
}

}  // namespace cairn::domain
