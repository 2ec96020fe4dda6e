#include "central/pickup/pickup_codes.h"

#include "core/crypto/pickup_code.h"
#include "core/crypto/pin.h"
#include "core/storage/projections/ship_groups.h"

namespace cairn::central {
namespace {

/// Two customers of one site must not have the same code; of a million few are taken.
bool is_taken(storage::UnitOfWork& work, const SiteId& site, const std::string& code) {
  for (const char* const status : {"ALLOCATED", "PICKING", "READY"}) {
    storage::ShipGroupFilter filter;
    filter.site = site;
    filter.statuses = {status};
    filter.method = "PICKUP";
    filter.limit = 10'000;
    for (const storage::ShipGroupRow& row : storage::ship_groups(work.connection(), filter)) {
      const domain::Pickup& pickup = work.replica().ship_group(row.id).pickup;
      if (crypto::pickup_code_matches(code, pickup.salt, pickup.hash)) return true;
    }
  }
  return false;
}

}  // namespace

Result<std::string> mint_pickup_code(storage::UnitOfWork& work, Random& random, ShipGroupId group,
                                     UserId actor) {
  const SiteId site = work.replica().ship_group(group).site;
  std::string code = crypto::make_pin(random);
  while (is_taken(work, site, code)) code = crypto::make_pin(random);
  const auto [salt, hash] = crypto::hash_pickup_code(code, random);
  const auto done = work.perform(group, domain::MintPickupCode{salt, hash}, actor);
  if (!done) return fail(done.error());
  return code;
}

}  // namespace cairn::central
