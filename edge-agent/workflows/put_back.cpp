#include "edge-agent/workflows/put_back.h"

#include "edge-agent/workflows/articles.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::agent {
namespace {

std::int64_t left_at_site(storage::UnitOfWork& work, const SiteId& site) {
  std::int64_t sum = 0;
  for (const storage::PutBackRow& row : storage::put_backs(work.connection(), site)) {
    sum += row.put_back.left_milli();
  }
  return sum;
}

}  // namespace

Result<ScanVerdict> put_back_one(storage::UnitOfWork& work, const Operator& by,
                                 const Barcode& barcode) {
  const auto product = find_article(work.connection(), barcode);
  if (!product) return fail(unknown_item(barcode));
  const auto open = storage::put_backs(work.connection(), work.replica().identity().site);
  const auto row = std::ranges::find(open, product->sku, &storage::PutBackRow::sku);
  if (row == open.end()) {
    return fail(ErrorCode::kRejected, "nothing_to_put_back",
                fmt::format("nothing of {} is to be put back; nothing was changed", product->name));
  }
  const std::int64_t milli = std::min(kMilliPerUnit, row->put_back.left_milli());
  return put_back(work, {row->group, row->put_back.cause, row->put_back.line, milli, std::nullopt},
                  by);
}

Result<ScanVerdict> put_back(storage::UnitOfWork& work, const PutBackUnits& units,
                             const Operator& by) {
  const auto* const planned =
      work.replica().ship_group(units.group).find_put_back(units.cause, units.line);
  const LocationCode bin = units.to ? *units.to : planned != nullptr ? planned->to : LocationCode();
  const auto done = work.perform(
      units.group, domain::ConfirmPutBack{units.cause, units.line, units.milli, bin}, by.user);
  if (!done) return fail(done.error());
  work.replica().save_views();
  const domain::ShipGroup& after = work.replica().ship_group(units.group);
  const auto* const line = after.find(units.line);
  const auto* const left = after.find_put_back(units.cause, units.line);
  ScanVerdict verdict;
  verdict.what = ScanVerdict::What::kPutBack;
  verdict.group = units.group;
  verdict.order_reference = after.order_reference;
  verdict.line = units.line;
  if (line != nullptr) {
    verdict.sku = line->line.sku;
    verdict.name = line->line.name;
  }
  verdict.taken_milli = units.milli;
  verdict.line_open_milli = left == nullptr ? 0 : left->left_milli();
  verdict.open_milli = left_at_site(work, after.site);
  verdict.event = done->front();
  verdict.note = bin.text();
  return verdict;
}

}  // namespace cairn::agent
