#include "edge-agent/workflows/returns.h"

#include "core/base/utf8.h"
#include "core/gs1/scan.h"
#include "edge-agent/workflows/articles.h"
#include "edge-agent/workflows/hand_over.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::agent {
namespace {

using domain::Sale;
using domain::SaleLine;
using storage::ReturnDraft;

/// A group of this site, as the sale it became, less what is known to have come back elsewhere.
std::optional<Sale> own_sale(storage::UnitOfWork& work, ShipGroupId group) {
  const domain::ShipGroup view = work.replica().ship_group(group);
  const SiteId site = work.replica().identity().site;
  if (view.site != site) return std::nullopt;
  Sale sale = domain::sale_of(view);
  const domain::ReturnLedger& ledger = work.replica().return_ledger(group, site);
  for (SaleLine& line : sale.lines) {
    std::int64_t& sold = line.sold.sold.milli;
    const std::int64_t here = sold - ledger.left_milli(line.sold.line, sold);
    const std::int64_t returned = view.find(line.sold.line)->in.returned_milli;
    sold -= std::max<std::int64_t>(0, returned - here);
  }
  return sale.sold_milli() > 0 ? std::optional(std::move(sale)) : std::nullopt;
}

/// Of a group of this site the device's own view is right: what the hub said of it may have been
/// undone since.
bool filled_here(storage::UnitOfWork& work, ShipGroupId group) {
  return work.replica().ship_group(group).site == work.replica().identity().site;
}

/// What may still come back of a line, at this site.
std::int64_t left_of(storage::UnitOfWork& work, const Sale& sale, const SaleLine& line) {
  const auto& ledger = work.replica().return_ledger(sale.group, work.replica().identity().site);
  return ledger.left_milli(line.sold.line, line.sold.sold.milli);
}

std::int64_t left_of(storage::UnitOfWork& work, const Sale& sale) {
  std::int64_t sum = 0;
  for (const SaleLine& line : sale.lines) sum += left_of(work, sale, line);
  return sum;
}

/// Of several sales the one that can still come back.
std::optional<Sale> best_of(storage::UnitOfWork& work, const std::vector<Sale>& sales) {
  const auto left =
      std::ranges::find_if(sales, [&work](const Sale& sale) { return left_of(work, sale) > 0; });
  if (left != sales.end()) return *left;
  return sales.empty() ? std::nullopt : std::optional(sales.front());
}

std::vector<Sale> own_sales(storage::UnitOfWork& work, const std::vector<ShipGroupId>& groups) {
  std::vector<Sale> sales;
  for (const ShipGroupId group : groups) {
    if (auto sale = own_sale(work, group)) sales.push_back(*std::move(sale));
  }
  return sales;
}

std::vector<ShipGroupId> groups_of_order(storage::UnitOfWork& work, const std::string& reference) {
  storage::ShipGroupFilter filter;
  filter.site = work.replica().identity().site;
  filter.reference = reference;
  std::vector<ShipGroupId> groups;
  for (const auto& row : storage::ship_groups(work.connection(), filter)) groups.push_back(row.id);
  return groups;
}

bool is_pickup_code(const std::string& text) {
  return text.size() == 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

tl::unexpected<Error> no_return() {
  return fail(
      ErrorCode::kNotFound, "no_return",
      "no return was begun at this station; scan the label, the receipt or the pickup code");
}

struct Draft {
  ReturnDraft draft;
  Sale sale;
};

Result<Draft> draft_of(storage::UnitOfWork& work, const std::string& station) {
  const auto draft = storage::return_draft(work.connection(), station);
  if (!draft) return no_return();
  auto sale = own_sale(work, draft->group);
  if (!sale && !filled_here(work, draft->group)) {
    sale = storage::found_sale(work.connection(), draft->group);
  }
  if (!sale) return no_return();
  return Draft{*draft, *std::move(sale)};
}

tl::unexpected<Error> already_returned(const SaleLine& line) {
  return fail(ErrorCode::kRejected, "already_returned",
              fmt::format("{}: {} were sold, and all of them are back; nothing was changed",
                          line.sold.name, milli_text(line.sold.sold.milli)));
}

bool is_article(const SaleLine& line, const Barcode& barcode) {
  const auto gtin = gs1::gtin_of(barcode);
  return (gtin && std::ranges::find(line.gtins, *gtin) != line.gtins.end()) ||
         line.sold.sku.text() == barcode.data;
}

LocationCode place_of(storage::UnitOfWork& work, const SaleLine& line,
                      domain::ReturnCondition condition) {
  if (condition == domain::ReturnCondition::kQcHold) return domain::hold_qc();
  if (condition == domain::ReturnCondition::kDamaged) return domain::hold_damaged();
  return storage::pick_location(work.connection(), work.replica().identity().site, line.sold.sku)
      .value_or(*LocationCode::parse("MAIN"));
}

ScanVerdict verdict_on(const Sale& sale, const SaleLine& line, ScanVerdict::What what,
                       std::int64_t milli) {
  ScanVerdict verdict;
  verdict.what = what;
  verdict.group = sale.group;
  verdict.order_reference = sale.order_reference;
  verdict.line = line.sold.line;
  verdict.sku = line.sold.sku;
  verdict.name = line.sold.name;
  verdict.taken_milli = milli;
  return verdict;
}

/// As the domain prices it when it is taken.
Money refund_of(storage::UnitOfWork& work, const Draft& draft) {
  const auto& ledger =
      work.replica().return_ledger(draft.sale.group, work.replica().identity().site);
  Money sum;
  if (!draft.sale.lines.empty()) sum.currency = draft.sale.lines.front().sold.unit_price.currency;
  for (const SaleLine& line : draft.sale.lines) {
    const LineNo no = line.sold.line;
    const auto refund =
        domain::refund_of(line.sold, ledger.returned_milli(no), draft.draft.milli_of(no));
    if (refund) sum.minor += refund->minor;
  }
  return sum;
}

}  // namespace

std::optional<domain::Sale> find_sale(storage::UnitOfWork& work, const std::string& text) {
  storage::Connection& connection = work.connection();
  if (const auto group = storage::group_of_label(connection, domain::label_number(text))) {
    if (auto sale = own_sale(work, *group)) return sale;
  }
  if (auto sale = best_of(work, own_sales(work, groups_of_order(work, text)))) return sale;
  if (is_pickup_code(text)) {
    if (auto sale = best_of(work, own_sales(work, groups_of_code(work, text)))) return sale;
  }
  auto found = storage::found_sales(connection, text);
  std::erase_if(found, [&work](const Sale& sale) { return filled_here(work, sale.group); });
  return best_of(work, found);
}

Result<ScanVerdict> begin_return(storage::UnitOfWork& work, const Operator& by,
                                 const std::string& text) {
  const auto sale = find_sale(work, text);
  if (!sale) {
    return fail(ErrorCode::kNotFound, "unknown_sale",
                fmt::format("nothing that was sold here has the code {}", excerpt(text)));
  }
  storage::begin_return_draft(work.connection(), by.station, sale->group);
  ScanVerdict verdict;
  verdict.what = ScanVerdict::What::kReturnFind;
  verdict.group = sale->group;
  verdict.order_reference = sale->order_reference;
  verdict.open_milli = left_of(work, *sale);
  return verdict;
}

Result<ReturnView> current_return(storage::UnitOfWork& work, const std::string& station) {
  const auto draft = draft_of(work, station);
  if (!draft) return fail(draft.error());
  const auto& [now, sale] = *draft;
  ReturnView view{sale.group, sale.order, sale.order_reference,   now.condition,
                  {},         now.units,  refund_of(work, *draft)};
  for (const SaleLine& line : sale.lines) {
    const std::int64_t left = left_of(work, sale, line);
    // Another station may have taken units that are in this draft as well.
    const auto more = std::max<std::int64_t>(0, left - now.milli_of(line.sold.line));
    view.lines.push_back({line, line.sold.sold.milli - left, more});
  }
  return view;
}

Result<ScanVerdict> return_one(storage::UnitOfWork& work, const Operator& by,
                               const Barcode& barcode) {
  const auto draft = draft_of(work, by.station);
  if (!draft) return fail(draft.error());
  const auto& [now, sale] = *draft;
  const SaleLine* full = nullptr;
  for (const SaleLine& line : sale.lines) {
    if (line.sold.sold.milli <= 0 || !is_article(line, barcode)) continue;
    const std::int64_t left = left_of(work, sale, line) - now.milli_of(line.sold.line);
    full = &line;
    if (left <= 0) continue;
    const std::int64_t one = std::min(left, kMilliPerUnit);
    const LineNo no = line.sold.line;
    const std::int64_t before = now.milli_of(no, now.condition);
    storage::set_draft_units(work.connection(), by.station, {no, now.condition, before + one});
    storage::note_draft_scan(work.connection(), by.station, {no, now.condition, one});
    ScanVerdict verdict = verdict_on(sale, line, ScanVerdict::What::kReturnUnit, one);
    verdict.line_open_milli = left - one;
    verdict.open_milli = left_of(work, sale) - one;
    for (const auto& unit : now.units) verdict.open_milli -= unit.milli;
    verdict.note = name_of(now.condition);
    return verdict;
  }
  if (full != nullptr) return already_returned(*full);
  const auto product = find_article(work.connection(), barcode);
  if (!product) return fail(unknown_item(barcode));
  return fail(ErrorCode::kRejected, "wrong_item",
              fmt::format("{} ({}) was not sold with order {}; nothing was changed", product->name,
                          product->sku.text(), sale.order_reference));
}

Result<ScanVerdict> take_off_one(storage::UnitOfWork& work, const Operator& by) {
  const auto draft = draft_of(work, by.station);
  // What was keyed down since it was scanned is off already.
  while (const auto last = storage::take_draft_scan(work.connection(), by.station)) {
    const SaleLine* const line = draft ? draft->sale.find(last->line) : nullptr;
    if (line == nullptr) continue;
    const std::int64_t there = draft->draft.milli_of(last->line, last->condition);
    const std::int64_t off = std::min(there, last->milli);
    if (off == 0) continue;
    storage::set_draft_units(work.connection(), by.station,
                             {last->line, last->condition, there - off});
    ScanVerdict verdict = verdict_on(draft->sale, *line, ScanVerdict::What::kUndo, off);
    verdict.line_open_milli =
        left_of(work, draft->sale, *line) - draft->draft.milli_of(last->line) + off;
    verdict.open_milli = left_of(work, draft->sale) + off;
    for (const auto& unit : draft->draft.units) verdict.open_milli -= unit.milli;
    return verdict;
  }
  return fail(ErrorCode::kRejected, "nothing_to_undo",
              "no scan of this return is left to undo; nothing was changed");
}

Result<> set_condition(storage::UnitOfWork& work, const Operator& by,
                       domain::ReturnCondition condition) {
  if (const auto draft = draft_of(work, by.station); !draft) return fail(draft.error());
  storage::set_draft_condition(work.connection(), by.station, condition);
  return {};
}

Result<> set_units(storage::UnitOfWork& work, const Operator& by, const ReturnDraft::Unit& unit) {
  const auto draft = draft_of(work, by.station);
  if (!draft) return fail(draft.error());
  const SaleLine* const line = draft->sale.find(unit.line);
  if (line == nullptr) {
    return fail(ErrorCode::kNotFound, "no_such_line", "the order has no such line here");
  }
  if (unit.milli < 0 || !Quantity{unit.milli, line->sold.sold.uom}.whole()) {
    return fail(ErrorCode::kInvalid, "bad_return", "a whole number of pieces");
  }
  std::int64_t others = draft->draft.milli_of(unit.line);
  for (const auto& one : draft->draft.units) {
    if (one.line == unit.line && one.condition == unit.condition) others -= one.milli;
  }
  if (others + unit.milli > left_of(work, draft->sale, *line)) return already_returned(*line);
  storage::set_draft_units(work.connection(), by.station, unit);
  return {};
}

void drop_return(storage::UnitOfWork& work, const Operator& by) {
  storage::drop_return_draft(work.connection(), by.station);
}

Result<ReturnId> take_draft(storage::UnitOfWork& work, const Operator& by, const TakeDraft& take,
                            ReturnId id) {
  const auto draft = draft_of(work, by.station);
  if (!draft) return fail(draft.error());
  domain::TakeReturn command;
  command.id = id;
  command.group = draft->sale.group;
  command.order = draft->sale.order;
  command.order_reference = draft->sale.order_reference;
  for (const SaleLine& line : draft->sale.lines) command.sold.push_back(line.sold);
  for (const ReturnDraft::Unit& unit : draft->draft.units) {
    const SaleLine* const line = draft->sale.find(unit.line);
    if (line == nullptr) continue;
    command.units.push_back(
        {unit.line, unit.milli, unit.condition, place_of(work, *line, unit.condition)});
  }
  command.reason = take.reason;
  command.approved_by = take.approved_by;
  command.limit = {take.alone_up_to_minor, refund_of(work, *draft).currency};
  const auto taken = work.take_return(command, work.replica().identity().site, by.user);
  if (!taken) return fail(taken.error());
  storage::drop_return_draft(work.connection(), by.station);
  return id;
}

}  // namespace cairn::agent
