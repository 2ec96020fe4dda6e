#pragma once
// Whether what is ordered can be sold. Inside a job of the writer. Loop only.

#include "central/promise/site_ages.h"
#include "core/domain/promise/future_supply.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <map>
#include <string>

namespace cairn::central {

/// Units of goods by article.
using Goods = std::map<Sku, std::int64_t>;

/// What is wanted, and where from.
struct WantedGoods {
  std::string channel;
  SiteId pickup_site;  ///< empty: to be shipped
  Goods goods;
  // Of the same order, as it is until now: they count for it.
  SiteId queued_for;  ///< where its units are to be picked up; empty: they are shipped
  Goods queued{};     ///< that no site has
};

/// Asked of the database: what other jobs of this commit took counts. Returns whether it is sold
/// ahead of goods that are not here: a preorder if one article was never here. Errors: kConflict
/// "not_available" with every article that is lacking, unless `allow_backorder`.
Result<domain::AheadOfStock> check_stock(storage::UnitOfWork& work, const SiteAges& ages,
                                         const WantedGoods& wanted, bool allow_backorder);

/// Writes down that the order waits for its goods, where it was sold ahead of them: it is not to be
/// cancelled as what nobody can fill.
Result<> park_ahead(storage::UnitOfWork& work, OrderId order, domain::AheadOfStock ahead,
                    UserId actor);

}  // namespace cairn::central
