#include "central/returns/take_back.h"

#include "core/crypto/hash.h"
#include "core/storage/projections/ship_groups.h"
#include "core/storage/projections/stock_on_hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace cairn::central {
namespace {

/// The part of it that one group sold.
Result<> take_from(storage::UnitOfWork& work, const GoodsBack& goods,
                   const domain::ShipGroup& group, std::int64_t milli, UserId actor) {
  const Bytes key = work.replica().has_effect(goods.biz_key) ? Bytes() : goods.biz_key;
  const domain::ShipGroupLineState& line = *group.find(goods.line);
  const auto bin = storage::pick_location(work.connection(), group.site, line.line.sku)
                       .value_or(*LocationCode::parse("MAIN"));
  domain::TakeReturn command;
  const std::string line_text = fmt::format("{}", goods.line.value());
  // Without a key that says whether it is the same one, every return is another one.
  const std::size_t before = work.replica().return_ledger(group.id, group.site).taken.size();
  const std::string which = goods.biz_key.empty() ? fmt::format("{}", before) : std::string();
  command.id = ReturnId(crypto::derived_uuid(
      "take-back", {goods.source, goods.biz_key, group.id.value().bytes(), line_text, which}));
  command.group = group.id;
  command.order = group.order;
  command.order_reference = group.order_reference;
  command.sold = {domain::sold_line(line)};
  command.units = {{goods.line, milli, domain::ReturnCondition::kRestock, bin}};
  command.reason = goods.source;
  command.limit = {std::numeric_limits<std::int64_t>::max(), line.line.unit_price.currency};
  const auto taken = work.take_return(command, group.site, actor, key);
  if (!taken) return fail(taken.error());
  return {};
}

}  // namespace

Result<> take_back(storage::UnitOfWork& work, const GoodsBack& goods, UserId actor) {
  storage::ShipGroupFilter filter;
  filter.order = goods.order;
  filter.limit = 1000;
  auto groups = storage::ship_groups(work.connection(), filter);
  std::ranges::reverse(groups);
  std::int64_t left = goods.milli;
  for (const storage::ShipGroupRow& row : groups) {
    const domain::ShipGroup group = work.replica().ship_group(row.id);
    const domain::ShipGroupLineState* const line = group.find(goods.line);
    if (line == nullptr || left == 0) continue;
    const std::int64_t here = std::min(left, line->in.shipped_milli + line->in.handed_over_milli);
    if (here == 0) continue;
    if (auto ok = take_from(work, goods, group, here, actor); !ok) return ok;
    left -= here;
  }
  if (left == 0) return {};
  return fail(ErrorCode::kRejected, "already_returned",
              fmt::format("{} units were not sold, or came back before; nothing was changed",
                          milli_text(left)));
}

}  // namespace cairn::central
