#include "central/promise/promises.h"

#include "core/storage/projections/reference_data.h"

#include <algorithm>

namespace cairn::central {
namespace {

Result<> need_site(storage::Connection& connection, const SiteId& site) {
  if (storage::find_facility(connection, site)) return {};
  return fail(ErrorCode::kNotFound, "no_such_site",
              "there is no site " + site.text() + "; nothing was changed");
}

Result<> need_product(storage::Connection& connection, const Sku& sku) {
  if (storage::find_product(connection, sku)) return {};
  return fail(ErrorCode::kNotFound, "no_such_product",
              "there is no article " + sku.text() + "; nothing was changed");
}

Result<> record(storage::UnitOfWork& work, const domain::PromiseEvent& event,
                const domain::Key& key, UserId actor) {
  const auto written = work.record({event, key, SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  return {};
}

}  // namespace

Result<domain::SellingChannel> define_channel(storage::UnitOfWork& work,
                                              domain::SellingChannel channel, UserId actor) {
  std::ranges::sort(channel.sites, {}, &domain::SellingChannel::Site::site);
  if (auto ok = validate(channel); !ok) return fail(ok.error());
  for (const domain::SellingChannel::Site& site : channel.sites) {
    if (auto ok = need_site(work.connection(), site.site); !ok) return fail(ok.error());
  }
  const auto all = storage::selling_channels(work.connection());
  if (std::ranges::find(all, channel) != all.end()) return channel;
  if (auto ok = record(work, domain::SellingChannelDefined{channel},
                       domain::channel_key(channel.name), actor);
      !ok) {
    return fail(ok.error());
  }
  return channel;
}

Result<domain::SafetyStockRule> define_safety_stock(storage::UnitOfWork& work,
                                                    domain::SafetyStockRule rule, UserId actor) {
  if (auto ok = validate(rule); !ok) return fail(ok.error());
  if (rule.site) {
    if (auto ok = need_site(work.connection(), *rule.site); !ok) return fail(ok.error());
  }
  if (storage::find_safety_stock_rule(work.connection(), rule.name) == rule) return rule;
  if (auto ok = record(work, domain::SafetyStockRuleDefined{rule},
                       domain::safety_stock_key(rule.name), actor);
      !ok) {
    return fail(ok.error());
  }
  return rule;
}

Result<domain::ExpectedSupply> expect_supply(storage::UnitOfWork& work,
                                             domain::ExpectedSupply supply, UserId actor) {
  if (auto ok = validate(supply); !ok) return fail(ok.error());
  if (auto ok = need_product(work.connection(), supply.sku); !ok) return fail(ok.error());
  if (!supply.site.empty()) {
    if (auto ok = need_site(work.connection(), supply.site); !ok) return fail(ok.error());
  }
  if (storage::find_expected_supply(work.connection(), supply.reference) == supply) return supply;
  if (auto ok =
          record(work, domain::SupplyExpected{supply}, domain::supply_key(supply.reference), actor);
      !ok) {
    return fail(ok.error());
  }
  return supply;
}

Result<domain::StockReserved> reserve_stock(storage::UnitOfWork& work,
                                            const domain::ReserveStock& command, UserId actor) {
  const domain::StockReserved& wanted = command.wanted;
  if (auto ok = need_product(work.connection(), wanted.sku); !ok) return fail(ok.error());
  if (!storage::find_product(work.connection(), wanted.sku)->parts.empty()) {
    return fail(ErrorCode::kInvalid, "is_kit",
                wanted.sku.text() + " is a kit: reserve its parts; nothing was changed");
  }
  if (!wanted.pickup_site.empty()) {
    if (auto ok = need_site(work.connection(), wanted.pickup_site); !ok) return fail(ok.error());
  }
  const auto reserved = domain::decide(command, work.now());
  if (!reserved) return fail(reserved.error());
  if (auto ok = record(work, *reserved, domain::reservation_key(reserved->reservation), actor);
      !ok) {
    return fail(ok.error());
  }
  return *reserved;
}

Result<storage::ReservationRow> end_reservation(storage::UnitOfWork& work, ReservationId id,
                                                domain::ReservationEnd end, UserId actor) {
  auto row = storage::find_reservation(work.connection(), id);
  if (!row) {
    return fail(ErrorCode::kNotFound, "no_such_reservation",
                "there is no such reservation; nothing was changed");
  }
  if (!row->ended.empty()) return *row;
  if (auto ok = record(work, domain::ReservationEnded{end}, domain::reservation_key(id), actor);
      !ok) {
    return fail(ok.error());
  }
  row->ended = std::string(name_of(end));
  return *row;
}

}  // namespace cairn::central
