#include "core/domain/fulfilment/detail/fold.h"

namespace cairn::domain::detail {
namespace {

/// Each line stands once in a package, however often it was named.
void add_units(std::vector<LineUnits>& lines, const LineUnits& units) {
  const auto known = std::ranges::find(lines, units.line, &LineUnits::line);
  if (known == lines.end()) {
    lines.push_back(units);
  } else {
    known->milli += units.milli;
  }
}

/// Whether `later` was started by somebody who knew of `earlier`.
bool comes_after(const ShipGroup& group, const LabelPrint& later, const EventRef& earlier) {
  EventRef before = later.after;
  for (std::size_t steps = 0; steps <= group.prints.size(); ++steps) {
    if (before == earlier) return true;
    const auto known = std::ranges::find(group.prints, before, &LabelPrint::ref);
    if (known == group.prints.end()) return false;
    before = known->after;
  }
  return false;
}

/// Whether a label of the package may have come out that whoever started this print did not know
/// of.
bool printed_unheard(const ShipGroup& group, const LabelPrint& print) {
  return std::ranges::any_of(group.prints, [&](const LabelPrint& other) {
    return other.package == print.package && !other.failed &&
           !comes_after(group, print, other.ref) && !comes_after(group, other, print.ref);
  });
}

void mark(ShipGroup& group, const EventRef& print, bool failed) {
  const auto known = std::ranges::find(group.prints, print, &LabelPrint::ref);
  if (known != group.prints.end()) known->failed = failed;
}

}  // namespace

ShipGroupLineState* find_line(ShipGroup& group, LineNo line) {
  const auto found =
      std::ranges::find(group.lines, line, [](const ShipGroupLineState& s) { return s.line.line; });
  return found == group.lines.end() ? nullptr : &*found;
}

Package* find_package(ShipGroup& group, const EventRef& package) {
  const auto found = std::ranges::find(group.packages, package, &Package::ref);
  return found == group.packages.end() ? nullptr : &*found;
}

void take_from_packages(ShipGroup& group, LineNo line, std::int64_t milli) {
  for (std::size_t i = group.packages.size(); i > 0 && milli > 0; --i) {
    for (LineUnits& units : group.packages[i - 1].lines) {
      if (units.line != line) continue;
      const std::int64_t taken = std::min(milli, units.milli);
      units.milli -= taken;
      milli -= taken;
    }
    std::erase_if(group.packages[i - 1].lines, [](const LineUnits& u) { return u.milli == 0; });
  }
}

void take_back_early_returns(ShipGroupLineState& line) {
  Move move(line.back_early_milli);
  move.from(line.in.shipped_milli, line.in.returned_milli);
  move.from(line.in.handed_over_milli, line.in.returned_milli);
  line.back_early_milli = move.left();
}

std::vector<SettledPutBack> settle_put_backs(ShipGroup& group, LineNo line, std::int64_t milli) {
  std::vector<SettledPutBack> settled;
  for (PutBack& back : group.put_backs) {
    const std::int64_t taken = std::min(milli, back.left_milli());
    if (back.line != line || taken <= 0) continue;
    back.done_milli += taken;
    milli -= taken;
    settled.push_back({back.cause, line, taken});
  }
  return settled;
}

/// A package holds what was known to be picked; of the rest somebody has to find out what it is.
void apply(ShipGroup& group, const Envelope& meta, const PackageClosed& e) {
  Package package;
  package.ref = meta.ref;
  package.weight_mg = e.weight_mg;
  package.expected_mg = e.expected_mg;
  package.check = e.check;
  for (const LineUnits& units : e.lines) {
    ShipGroupLineState* const line = find_line(group, units.line);
    Move move(units.milli);
    if (line != nullptr) move.from(line->in.picked_milli, line->in.packed_milli);
    if (move.done() > 0) add_units(package.lines, {units.line, move.done()});
    if (move.left() > 0) {
      group.exceptions.push_back({Kind::kPackedUnpicked, meta.ref, units.line, move.left()});
    }
  }
  group.packages.push_back(std::move(package));
}

void apply(ShipGroup& group, const Envelope& meta, const LabelAssigned& e) {
  Package* const package = find_package(group, e.package);
  if (package == nullptr) return;
  if (!package->sscc.empty()) {
    if (package->sscc != e.sscc) {
      group.exceptions.push_back({Kind::kDuplicateLabel, meta.ref, LineNo{}, 0});
    }
    return;
  }
  package->sscc = e.sscc;
  package->tracking = e.tracking;
  package->label = LabelStatus::kAssigned;
}

/// Nobody prints a label that may be on the package already, unless two devices do not know of each
/// other: of each other's prints, or of each other's looks.
void apply(ShipGroup& group, const Envelope& meta, const LabelPrintStarted& e) {
  Package* const package = find_package(group, e.package);
  const LabelPrint print{meta.ref, e.package, e.after};
  const bool again = package != nullptr && (package->label == LabelStatus::kPrinting ||
                                            package->label == LabelStatus::kPrinted ||
                                            package->label == LabelStatus::kUnknown);
  if (again || printed_unheard(group, print)) {
    group.exceptions.push_back({Kind::kDuplicateLabel, meta.ref, LineNo{}, 0});
  }
  group.prints.push_back(print);
  if (package == nullptr) return;
  package->print = meta.ref;
  package->print_detail.clear();
  package->label = LabelStatus::kPrinting;
}

void apply(ShipGroup& group, const Envelope&, const LabelPrintEnded& e) {
  if (e.outcome == PrintOutcome::kFailed) mark(group, e.start, true);
  for (Package& package : group.packages) {
    if (package.print != e.start || package.label != LabelStatus::kPrinting) continue;
    package.label = e.outcome == PrintOutcome::kDone     ? LabelStatus::kPrinted
                    : e.outcome == PrintOutcome::kFailed ? LabelStatus::kFailed
                                                         : LabelStatus::kUnknown;
    package.print_detail = e.detail;
  }
}

void apply(ShipGroup& group, const Envelope&, const LabelChecked& e) {
  mark(group, e.print, !e.came_out);
  Package* const package = find_package(group, e.package);
  if (package == nullptr || package->sscc.empty()) return;
  package->label = e.came_out ? LabelStatus::kPrinted : LabelStatus::kFailed;
  package->print_detail.clear();
}

/// What left has left: units that were not known to be there become an exception, not a refusal.
void apply(ShipGroup& group, const Envelope& meta, const ShipGroupShipped& e) {
  for (const LineUnits& units : e.lines) {
    ShipGroupLineState* const line = find_line(group, units.line);
    Move move(units.milli);
    if (line != nullptr) {
      move.from(line->in.packed_milli, line->in.shipped_milli);
      move.from(line->in.picked_milli, line->in.shipped_milli);
      take_back_early_returns(*line);
    }
    if (move.left() == 0) continue;
    settle_put_backs(group, units.line, move.left());
    const bool cancelled = line != nullptr && line->in.cancelled_milli > 0;
    group.exceptions.push_back({cancelled ? Kind::kShippedAfterCancel : Kind::kShippedUnpicked,
                                meta.ref, units.line, move.left()});
  }
}

}  // namespace cairn::domain::detail
