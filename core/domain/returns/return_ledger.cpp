#include "core/domain/returns/return_ledger.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<ReturnCondition, std::string_view>, 3> kConditions = {{
    {ReturnCondition::kRestock, "RESTOCK"},
    {ReturnCondition::kQcHold, "QC_HOLD"},
    {ReturnCondition::kDamaged, "DAMAGED"},
}};

ReturnLineState& line_of(ReturnLedger& ledger, LineNo line) {
  const auto place = std::ranges::lower_bound(ledger.lines, line, {}, &ReturnLineState::line);
  if (place != ledger.lines.end() && place->line == line) return *place;
  return *ledger.lines.insert(place, {line, 0, 0});
}

void apply(ReturnLedger& ledger, const Envelope& meta, const ReturnTaken& e) {
  ledger.group = e.group;
  ledger.site = meta.site;
  for (const ReturnedLine& returned : e.lines) {
    ReturnLineState& line = line_of(ledger, returned.line);
    line.sold_milli = std::max(line.sold_milli, returned.sold_milli);
    const std::int64_t left = line.sold_milli - line.returned_milli;
    const std::int64_t counted = std::min(returned.quantity.milli, left);
    line.returned_milli += counted;
    if (counted < returned.quantity.milli) {
      ledger.exceptions.push_back(
          {meta.ref, returned.line, returned.quantity.milli - counted, false});
    }
  }
  ledger.taken.push_back({meta.ref, meta.hlc, meta.actor, e});
}

void apply(ReturnLedger& ledger, const Envelope&, const RefundContested& e) {
  ledger.exceptions.push_back({e.taken, e.line, e.milli, true});
}

/// What so much of the line costs, to the nearest minor unit, half up.
Result<Money> worth(const SoldLine& sold, std::int64_t milli) {
  const auto total = sold.unit_price.times(milli);
  if (!total) return total;
  const auto rounded = total->plus({kMilliPerUnit / 2, total->currency});
  if (!rounded) return rounded;
  return Money{rounded->minor / kMilliPerUnit, rounded->currency};
}

/// The units of one line and condition, priced after what came back before them.
Result<ReturnedLine> price(const SoldLine& sold, std::int64_t before_milli,
                           const TakeReturn::Unit& unit) {
  if (unit.milli <= 0 || !Quantity{unit.milli, sold.sold.uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_return", "a whole number of pieces, at least one");
  }
  if (unit.to.empty()) {
    return fail(ErrorCode::kInvalid, "bad_return", "say where the units lie now");
  }
  const auto refund = refund_of(sold, before_milli, unit.milli);
  if (!refund) return fail(refund.error());
  ReturnedLine line{sold.line,       sold.sku,        sold.name, {unit.milli, sold.sold.uom},
                    sold.sold.milli, sold.unit_price, *refund,   unit.condition,
                    unit.to};
  return line;
}

Result<> check_left(const ReturnLedger& ledger, const TakeReturn& command) {
  std::map<LineNo, std::int64_t> wanted;
  for (const TakeReturn::Unit& unit : command.units) wanted[unit.line] += unit.milli;
  for (const auto& [no, milli] : wanted) {
    const auto sold = std::ranges::find(command.sold, no, &SoldLine::line);
    if (sold == command.sold.end() || sold->sold.milli <= 0) {
      return fail(ErrorCode::kRejected, "nothing_sold",
                  fmt::format("order {}: nothing of line {} was sold", command.order_reference,
                              no.value()));
    }
    const std::int64_t left = ledger.left_milli(no, sold->sold.milli);
    if (milli > left) {
      return fail(ErrorCode::kRejected, "already_returned",
                  fmt::format("{}: {} were sold, {} can still come back", sold->name,
                              milli_text(sold->sold.milli), milli_text(left)));
    }
  }
  return {};
}

Result<> check_limit(const ReturnTaken& taken, const TakeReturn& command, UserId actor) {
  if (!command.approved_by.value().is_nil() && command.approved_by == actor) {
    return fail(ErrorCode::kRejected, "approver_is_operator",
                "a second person has to let this pass, not the same one");
  }
  if (!command.approved_by.value().is_nil()) return {};
  const bool over =
      taken.refund.currency != command.limit.currency || taken.refund.minor > command.limit.minor;
  if (!over) return {};
  return fail(ErrorCode::kRejected, "needs_approval",
              fmt::format("a refund of {} is above {}: a second person has to let it pass",
                          taken.refund.text(), command.limit.text()));
}

}  // namespace

std::string_view name_of(ReturnCondition condition) {
  for (const auto& [value, name] : kConditions) {
    if (value == condition) return name;
  }
  return "";
}

Result<ReturnCondition> parse_return_condition(std::string_view text) {
  for (const auto& [value, name] : kConditions) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_condition",
              "what came back is RESTOCK, QC_HOLD or DAMAGED");
}

std::int64_t ReturnLedger::returned_milli(LineNo line) const {
  const auto found = std::ranges::find(lines, line, &ReturnLineState::line);
  return found == lines.end() ? 0 : found->returned_milli;
}

std::int64_t ReturnLedger::left_milli(LineNo line, std::int64_t sold_milli) const {
  const auto found = std::ranges::find(lines, line, &ReturnLineState::line);
  if (found == lines.end()) return sold_milli;
  return std::max<std::int64_t>(0, sold_milli - found->returned_milli);
}

void evolve(ReturnLedger& ledger, const Recorded<ReturnEvent>& recorded) {
  std::visit([&ledger, &recorded](const auto& e) { apply(ledger, recorded.meta, e); },
             recorded.event);
}

SoldLine sold_line(const ShipGroupLineState& line) {
  const std::int64_t sold =
      line.in.shipped_milli + line.in.handed_over_milli + line.in.returned_milli;
  return {line.line.line,
          line.line.sku,
          line.line.name,
          {sold, line.line.ordered.uom},
          line.line.unit_price};
}

Result<Money> refund_of(const SoldLine& sold, std::int64_t before_milli, std::int64_t milli) {
  const auto before = worth(sold, before_milli);
  if (!before) return before;
  const auto after = worth(sold, before_milli + milli);
  if (!after) return after;
  return Money{after->minor - before->minor, after->currency};
}

Result<ReturnTaken> decide(const ReturnLedger& ledger, const TakeReturn& command, UserId actor) {
  if (command.units.empty()) {
    return fail(ErrorCode::kInvalid, "bad_return", "nothing was brought back");
  }
  if (command.reason.size() > 200 || !is_utf8(command.reason)) {
    return fail(ErrorCode::kInvalid, "bad_return", "the reason has at most 200 octets of UTF-8");
  }
  if (auto ok = check_left(ledger, command); !ok) return fail(ok.error());
  ReturnTaken taken{command.id, command.group,       command.order, command.order_reference, {},
                    {},         command.approved_by, command.reason};
  std::map<LineNo, std::int64_t> before;
  for (const TakeReturn::Unit& unit : command.units) {
    const auto [milli, first] = before.try_emplace(unit.line, ledger.returned_milli(unit.line));
    const auto line =
        price(*std::ranges::find(command.sold, unit.line, &SoldLine::line), milli->second, unit);
    if (!line) return fail(line.error());
    milli->second += unit.milli;
    if (taken.lines.empty()) taken.refund = Money{0, line->refund.currency};
    const auto sum = taken.refund.plus(line->refund);
    if (!sum) return fail(sum.error());
    taken.refund = *sum;
    taken.lines.push_back(*line);
  }
  if (taken.refund.minor > kMaxMinor) {
    return fail(ErrorCode::kInvalid, "overflow", "the amount is too large");
  }
  if (auto ok = check_limit(taken, command, actor); !ok) return fail(ok.error());
  return taken;
}

}  // namespace cairn::domain
