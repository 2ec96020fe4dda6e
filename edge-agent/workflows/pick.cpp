#include "edge-agent/workflows/pick.h"

#include "core/base/assert.h"
#include "core/domain/fulfilment/pick_scan.h"
#include "core/gs1/measured_article.h"
#include "edge-agent/workflows/articles.h"

#include <fmt/format.h>

#include <array>

namespace cairn::agent {
namespace {

using domain::PickScan;
using domain::ShipGroup;

/// How many picks of a task can be undone, one after the other.
constexpr int kUndoLevels = 10;

std::int64_t open_milli(const ShipGroup& group) {
  std::int64_t sum = 0;
  for (const auto& line : group.lines) sum += line.in.open_milli;
  return sum;
}

/// Why a read is not for this task, in words for the picker.
tl::unexpected<Error> not_wanted(storage::UnitOfWork& work, const ShipGroup& group,
                                 const Barcode& barcode) {
  const auto product = find_article(work.connection(), barcode);
  if (!product) return fail(unknown_item(barcode));
  return fail(ErrorCode::kRejected, "wrong_item",
              fmt::format("{} ({}) is not on order {}; put it back", product->name,
                          product->sku.text(), group.order_reference));
}

tl::unexpected<Error> surplus(const ShipGroup& group, LineNo line) {
  const auto* const state = group.find(line);
  return fail(ErrorCode::kRejected, "over_pick",
              fmt::format("{}: all {} are picked already; put this one back", state->line.name,
                          state->line.ordered.text()));
}

/// What an article with a measure on its label is registered by: its number with a zero for the
/// value, or its item number alone.
std::array<Barcode, 2> articles_of(const gs1::MeasuredArticle& measured) {
  return {Barcode{"E0", measured.gtin.text().substr(1)}, Barcode{"", measured.measure.item}};
}

/// The weight on the label, if the line is of kilograms; nothing: it has to be keyed.
std::optional<std::int64_t> kilograms_milli(const std::optional<gs1::MeasuredArticle>& measured,
                                            const ShipGroup& group, LineNo line) {
  constexpr std::int64_t kMgPerGram = 1000;
  const auto* const state = group.find(line);
  if (!measured || state == nullptr || state->line.ordered.uom != Uom::kKilogram) {
    return std::nullopt;
  }
  const auto mg = gs1::weight_mg(measured->measure);
  if (!mg || *mg < kMgPerGram) return std::nullopt;
  return (*mg + kMgPerGram / 2) / kMgPerGram;
}

LocationCode bin_of(storage::UnitOfWork& work, const ShipGroup& group, const Sku& sku) {
  if (const auto bin = storage::pick_location(work.connection(), group.site, sku)) return *bin;
  // Stock nobody ever counted: the unit is real, so it came from somewhere.
  const auto unknown = LocationCode::parse("UNKNOWN");
  CAIRN_ASSERT(unknown.has_value(), "a constant code is well-formed");
  return *unknown;
}

/// The last of the device's last picks that is not undone; nothing: all are.
std::optional<domain::PickedUnits> last_pick(const ShipGroup& group, NodeId here) {
  int looked_at = 0;
  for (auto pick = group.picks.rbegin(); pick != group.picks.rend(); ++pick) {
    if (pick->ref.node != here) continue;
    if (!pick->undone) return *pick;
    if (++looked_at == kUndoLevels) break;
  }
  return std::nullopt;
}

}  // namespace

Result<> Pick::claim(storage::UnitOfWork& work, ShipGroupId group, const Operator& by) {
  storage::Replica& replica = work.replica();
  const auto current =
      storage::station_task(work.connection(), replica.identity().node, by.station);
  if (current && *current != group) {
    const ShipGroup& other = replica.ship_group(*current);
    if (other.status() == domain::ShipGroupStatus::kPicking) {
      return fail(ErrorCode::kConflict, "station_busy",
                  fmt::format("station {} is picking order {}; finish or release it first",
                              by.station, other.order_reference));
    }
  }
  const auto done = work.perform(group, domain::ClaimTask{by.station}, by.user);
  if (!done) return fail(done.error());
  return {};
}

Result<> Pick::release(storage::UnitOfWork& work, ShipGroupId group, const Operator& by,
                       bool by_force) {
  const auto done = work.perform(group, domain::ReleaseTask{by.station, by_force}, by.user);
  if (!done) return fail(done.error());
  return {};
}

Result<ScanVerdict> Pick::scan(storage::UnitOfWork& work, const Operator& by,
                               const Barcode& barcode) {
  pending_.erase(by.station);
  storage::Replica& replica = work.replica();
  const auto task = storage::station_task(work.connection(), replica.identity().node, by.station);
  if (!task) {
    return fail(
        ErrorCode::kRejected, "no_task",
        fmt::format("station {} has no task; claim one first, nothing was changed", by.station));
  }
  const ShipGroup group = replica.ship_group(*task);
  PickScan read = domain::read_pick_scan(group, barcode, keyed_above_milli_);
  std::optional<gs1::MeasuredArticle> measured;
  if (read.meaning == PickScan::Meaning::kWrongItem) {
    measured = gs1::read_measured_article(measures_, barcode);
  }
  if (measured) {
    for (const Barcode& article : articles_of(*measured)) {
      if (read.meaning != PickScan::Meaning::kWrongItem) break;
      read = domain::read_pick_scan(group, article, keyed_above_milli_);
    }
  }
  switch (read.meaning) {
    case PickScan::Meaning::kWrongItem:
      return not_wanted(work, group, measured ? articles_of(*measured).front() : barcode);
    case PickScan::Meaning::kSurplus:
      return surplus(group, read.line);
    case PickScan::Meaning::kTakeOne:
      return take(work, by, *task, read.line, kMilliPerUnit);
    case PickScan::Meaning::kKeyQuantity:
      break;
  }
  if (const auto milli = kilograms_milli(measured, group, read.line)) {
    return take(work, by, *task, read.line, *milli);
  }
  pending_[by.station] = {*task, read.line};
  const auto& line = *group.find(read.line);
  return ScanVerdict{ScanVerdict::Kind::kPending,
                     ScanVerdict::What::kPick,
                     *task,
                     group.order_reference,
                     read.line,
                     line.line.sku,
                     line.line.name,
                     0,
                     line.in.open_milli,
                     open_milli(group),
                     {},
                     {}};
}

Result<ScanVerdict> Pick::key_quantity(storage::UnitOfWork& work, const Operator& by,
                                       std::int64_t milli) {
  const auto pending = pending_.find(by.station);
  if (pending == pending_.end()) {
    return fail(ErrorCode::kConflict, "nothing_pending",
                fmt::format("station {} waits for no quantity; scan the item first", by.station));
  }
  auto verdict = take(work, by, pending->second.group, pending->second.line, milli);
  if (verdict) pending_.erase(pending);
  return verdict;
}

Result<ScanVerdict> Pick::take(storage::UnitOfWork& work, const Operator& by, ShipGroupId group,
                               LineNo line, std::int64_t milli) {
  storage::Replica& replica = work.replica();
  const auto* const before = replica.ship_group(group).find(line);
  if (before == nullptr) {
    return fail(ErrorCode::kNotFound, "no_such_line", "the order has no such line here");
  }
  const Sku sku = before->line.sku;
  const LocationCode bin = bin_of(work, replica.ship_group(group), sku);
  const auto done = work.perform(group, domain::ConfirmPick{by.station, line, milli, bin}, by.user);
  if (!done) return fail(done.error());
  const ShipGroup& after = replica.ship_group(group);
  const auto* const state = after.find(line);
  return ScanVerdict{ScanVerdict::Kind::kOk,
                     ScanVerdict::What::kPick,
                     group,
                     after.order_reference,
                     line,
                     sku,
                     state->line.name,
                     milli,
                     state->in.open_milli,
                     open_milli(after),
                     done->front(),
                     {}};
}

Result<ScanVerdict> Pick::undo(storage::UnitOfWork& work, const Operator& by) {
  pending_.erase(by.station);
  storage::Replica& replica = work.replica();
  const NodeId here = replica.identity().node;
  const auto task = storage::last_claimed(work.connection(), here, by.station);
  if (!task) {
    return fail(ErrorCode::kRejected, "no_task",
                fmt::format("station {} has no task; there is nothing to undo", by.station));
  }
  const std::optional<domain::PickedUnits> pick = last_pick(replica.ship_group(*task), here);
  const domain::UndoPick command{by.station, pick ? pick->ref : EventRef{}};
  const auto done = work.perform(*task, command, by.user);
  if (!done) return fail(done.error());
  const ShipGroup& after = replica.ship_group(*task);
  ScanVerdict verdict;
  verdict.what = ScanVerdict::What::kUndo;
  verdict.group = *task;
  verdict.order_reference = after.order_reference;
  if (const auto* const line = after.find(pick->line)) {
    verdict.line = pick->line;
    verdict.sku = line->line.sku;
    verdict.name = line->line.name;
    verdict.line_open_milli = line->in.open_milli;
  }
  verdict.taken_milli = after.find_pick(pick->ref)->taken_back_milli;
  verdict.open_milli = open_milli(after);
  verdict.event = done->front();
  verdict.note = pick->from.text();
  return verdict;
}

Result<> Pick::report_short(storage::UnitOfWork& work, ShipGroupId group, const Short& missing,
                            const Operator& by) {
  const ShipGroup& before = work.replica().ship_group(group);
  const auto* const line = before.find(missing.line);
  if (line == nullptr) {
    return fail(ErrorCode::kNotFound, "no_such_line", "the order has no such line here");
  }
  const LocationCode bin = bin_of(work, before, line->line.sku);
  const auto done = work.perform(
      group, domain::ReportShort{by.station, missing.line, missing.milli, missing.reason, bin},
      by.user);
  if (!done) return fail(done.error());
  return {};
}

}  // namespace cairn::agent
