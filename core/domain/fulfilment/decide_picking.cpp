#include "core/base/utf8.h"
#include "core/domain/fulfilment/detail/decisions.h"

#include <fmt/format.h>

namespace cairn::domain::detail {
namespace {

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

/// An open line that the station may work on.
Result<const ShipGroupLineState*> open_line(const ShipGroup& group, const std::string& station,
                                            const LineUnits& units, const DecideContext& context) {
  if (auto ok = check_holder(group, station, context); !ok) return fail(ok.error());
  const auto line = line_of(group, units.line);
  if (!line) return line;
  if (auto ok = check_quantity(**line, units.milli); !ok) return fail(ok.error());
  return line;
}

}  // namespace

Result<Events> decide(const ShipGroup& group, const ClaimTask& claim,
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

Result<Events> decide(const ShipGroup& group, const ReleaseTask& release,
                      const DecideContext& context) {
  if (!group.claim) return refuse("not_claimed", group);
  if (!release.by_force) {
    if (auto ok = check_holder(group, release.station, context); !ok) return fail(ok.error());
  }
  return Events{TaskReleased{group.claim->ref}};
}

Result<Events> decide(const ShipGroup& group, const ConfirmPick& pick,
                      const DecideContext& context) {
  const auto line = open_line(group, pick.station, {pick.line, pick.milli}, context);
  if (!line) return fail(line.error());
  const ShipGroupLineState& state = **line;
  if (pick.milli > state.in.open_milli) {
    return fail(ErrorCode::kRejected, "over_pick",
                fmt::format("{}: {} wanted, {} to go; put this one back", state.line.name,
                            state.line.ordered.text(), milli_text(state.in.open_milli)));
  }
  return Events{LinePicked{pick.line, pick.milli, pick.from}};
}

Result<Events> decide(const ShipGroup& group, const UndoPick& undo, const DecideContext& context) {
  if (auto ok = check_holder(group, undo.station, context); !ok) return fail(ok.error());
  const PickedUnits* const pick = group.find_pick(undo.pick);
  if (pick == nullptr || pick->undone) return refuse("nothing_to_undo", group);
  if (pick->ref.node != context.node) {
    return fail(ErrorCode::kRejected, "not_picked_here",
                fmt::format("order {}: this was picked at another device; undo it there",
                            group.order_reference));
  }
  const ShipGroupLineState* const line = group.find(pick->line);
  if (line != nullptr && line->in.picked_milli < pick->counted_milli) {
    const LineBuckets& in = line->in;
    const bool packed = in.packed_milli + in.shipped_milli + in.returned_milli > 0;
    return refuse(packed                     ? "already_packed"
                  : in.handed_over_milli > 0 ? "already_handed_over"
                                             : "nothing_to_undo",
                  group);
  }
  const PutBack* const back = group.find_put_back(pick->ref, pick->line);
  const std::int64_t surplus_milli = back == nullptr ? 0 : back->left_milli();
  const std::int64_t milli = pick->counted_milli + surplus_milli;
  if (milli == 0) return refuse("nothing_to_undo", group);
  return Events{PickUndone{pick->ref, pick->line, milli}};
}

Result<Events> decide(const ShipGroup& group, const ReportShort& report,
                      const DecideContext& context) {
  const auto line = open_line(group, report.station, {report.line, report.milli}, context);
  if (!line) return fail(line.error());
  const ShipGroupLineState& state = **line;
  if (report.milli > state.in.open_milli) {
    return fail(ErrorCode::kRejected, "over_short",
                fmt::format("{}: only {} to go", state.line.name, milli_text(state.in.open_milli)));
  }
  return Events{LineShorted{report.line, report.milli, report.reason, report.from}};
}

Result<Events> decide(const ShipGroup& group, const ConfirmPutBack& done, const DecideContext&) {
  const PutBack* const back = group.find_put_back(done.cause, done.line);
  if (back == nullptr || back->left_milli() == 0) {
    return fail(ErrorCode::kRejected, "nothing_to_put_back",
                fmt::format("order {}: nothing of this is to be put back", group.order_reference));
  }
  if (done.milli <= 0) return fail(ErrorCode::kInvalid, "bad_quantity", "put back at least one");
  // Of a line that the group does not have nobody knows the unit of measure.
  if (const ShipGroupLineState* const line = group.find(done.line)) {
    if (auto ok = check_quantity(*line, done.milli); !ok) return fail(ok.error());
  }
  if (done.to.empty()) {
    return fail(ErrorCode::kInvalid, "bad_location", "say into which bin the units went");
  }
  if (done.milli > back->left_milli()) {
    return fail(ErrorCode::kRejected, "over_put_back",
                fmt::format("order {}: only {} are to be put back", group.order_reference,
                            milli_text(back->left_milli())));
  }
  return Events{PutBackDone{done.cause, done.line, done.milli, done.to}};
}

Result<Events> decide(const ShipGroup& group, const CancelGroupUnits& cancel,
                      const DecideContext&) {
  const auto line = line_of(group, cancel.line);
  if (!line) return fail(line.error());
  const ShipGroupLineState& state = **line;
  if (auto ok = check_quantity(state, cancel.milli); !ok) return fail(ok.error());
  if (cancel.source.size() > 64 || !is_utf8(cancel.source)) {
    return fail(ErrorCode::kInvalid, "bad_source",
                "the source of a cancellation is UTF-8 text of at most 64 octets");
  }
  const LineBuckets& in = state.in;
  const std::int64_t here = in.open_milli + in.picked_milli + in.packed_milli;
  if (cancel.milli > here) {
    return fail(
        ErrorCode::kRejected, "over_cancel",
        fmt::format("{}: only {} can still be cancelled", state.line.name, milli_text(here)));
  }
  return Events{GroupUnitsCancelled{cancel.line, cancel.milli, cancel.reason, cancel.source}};
}

}  // namespace cairn::domain::detail
