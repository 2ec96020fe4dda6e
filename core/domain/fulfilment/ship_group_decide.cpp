#include "core/domain/fulfilment/ship_group_decide.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::domain {
namespace {

using Status = ShipGroupStatus;
using Events = std::vector<ShipGroupEvent>;

constexpr std::size_t kClaim = 0;
constexpr std::size_t kRelease = 1;
constexpr std::size_t kPick = 2;
constexpr std::size_t kShip = 3;

constexpr std::array<Transition, 20> kTable = {{
    {Status::kNone, kClaim, "no_such_group"},
    {Status::kNone, kRelease, "no_such_group"},
    {Status::kNone, kPick, "no_such_group"},
    {Status::kNone, kShip, "no_such_group"},
    {Status::kAllocated, kClaim, ""},
    {Status::kAllocated, kRelease, "not_claimed"},
    {Status::kAllocated, kPick, "not_claimed"},
    {Status::kAllocated, kShip, "not_picked"},
    {Status::kPicking, kClaim, ""},
    {Status::kPicking, kRelease, ""},
    {Status::kPicking, kPick, ""},
    {Status::kPicking, kShip, "not_picked"},
    {Status::kPicked, kClaim, "already_picked"},
    {Status::kPicked, kRelease, "already_picked"},
    {Status::kPicked, kPick, "over_pick"},
    {Status::kPicked, kShip, ""},
    {Status::kShipped, kClaim, "already_shipped"},
    {Status::kShipped, kRelease, "already_shipped"},
    {Status::kShipped, kPick, "already_shipped"},
    {Status::kShipped, kShip, "already_shipped"},
}};

tl::unexpected<Error> refuse(std::string_view reason, const ShipGroup& group) {
  const auto code = reason == "no_such_group" ? ErrorCode::kNotFound : ErrorCode::kRejected;
  std::string message;
  if (reason == "no_such_group") message = "there is no such ship group here";
  if (reason == "not_claimed") message = "nobody has claimed this task; claim it first";
  if (reason == "not_picked") message = "not every unit is picked yet";
  if (reason == "already_picked") message = "every unit is picked already";
  if (reason == "over_pick") message = "every unit is picked already; put this one back";
  if (reason == "already_shipped") {
    message = fmt::format("order {} has left already", group.order_reference);
  }
  return fail(code, std::string(reason), std::move(message));
}

/// The claim must be this station's.
Result<> check_holder(const ShipGroup& group, const std::string& station,
                      const DecideContext& context) {
  if (!group.claim) return refuse("not_claimed", group);
  if (group.claim->ref.node != context.node || group.claim->station != station) {
    return fail(ErrorCode::kRejected, "not_claimed_here",
                fmt::format("order {} is being picked at station {}", group.order_reference,
                            group.claim->station));
  }
  return {};
}

Result<Events> decide_one(const ShipGroup& group, const ClaimTask& claim,
                          const DecideContext& context) {
  if (claim.station.empty() || claim.station.size() > 40 || !is_utf8(claim.station)) {
    return fail(ErrorCode::kInvalid, "bad_station", "a station's name has 1 to 40 octets");
  }
  if (!group.claim) return Events{TaskClaimed{claim.station}};
  if (check_holder(group, claim.station, context)) return Events{};
  return fail(ErrorCode::kConflict, "claimed_by_other",
              fmt::format("order {} is being picked at station {}", group.order_reference,
                          group.claim->station));
}

Result<Events> decide_one(const ShipGroup& group, const ReleaseTask& release,
                          const DecideContext& context) {
  if (!group.claim) return refuse("not_claimed", group);
  if (!release.by_force) {
    if (auto ok = check_holder(group, release.station, context); !ok) return fail(ok.error());
  }
  return Events{TaskReleased{group.claim->ref}};
}

Result<Events> decide_one(const ShipGroup& group, const ConfirmPick& pick,
                          const DecideContext& context) {
  if (auto ok = check_holder(group, pick.station, context); !ok) return fail(ok.error());
  const ShipGroupLineState* const line = group.find(pick.line);
  if (line == nullptr) {
    return fail(
        ErrorCode::kNotFound, "no_such_line",
        fmt::format("order {} has no line {} here", group.order_reference, pick.line.value()));
  }
  if (pick.milli <= 0 || !Quantity{pick.milli, line->line.ordered.uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_quantity", "pick a whole number of pieces, at least one");
  }
  if (pick.milli > line->in.open_milli) {
    return fail(ErrorCode::kRejected, "over_pick",
                fmt::format("{}: {} wanted, {} picked already; put this one back", line->line.name,
                            line->line.ordered.text(),
                            milli_text(line->line.ordered.milli - line->in.open_milli)));
  }
  return Events{LinePicked{pick.line, pick.milli, pick.from}};
}

Result<Events> decide_one(const ShipGroup& group, const ShipGroupOut&, const DecideContext&) {
  ShipGroupShipped shipped;
  for (const ShipGroupLineState& line : group.lines) {
    if (line.in.picked_milli > 0) shipped.lines.push_back({line.line.line, line.in.picked_milli});
  }
  return Events{std::move(shipped)};
}

}  // namespace

const std::array<Transition, 20>& ship_group_table() { return kTable; }

Result<Events> decide(const ShipGroup& group, const ShipGroupCommand& command,
                      const DecideContext& context) {
  const auto row = std::ranges::find_if(kTable, [&group, &command](const Transition& t) {
    return t.status == group.status() && t.command == command.index();
  });
  if (!row->refusal.empty()) return refuse(row->refusal, group);
  return std::visit([&group, &context](const auto& c) { return decide_one(group, c, context); },
                    command);
}

}  // namespace cairn::domain
