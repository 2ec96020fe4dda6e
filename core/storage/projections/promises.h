#pragma once
// What may be promised of the stock: channels, safety stock, soft reservations; at the hub. Class:
// single writer. Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/event.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class Promises {
 public:
  explicit Promises(Connection& connection) : connection_(&connection) {}

  /// `key`: of the record.
  void apply(BytesView key, const domain::PromiseEvent& event);
  void reset();

 private:
  void apply_one(BytesView key, const domain::SafetyStockRuleDefined& defined);
  void apply_one(BytesView key, const domain::SellingChannelDefined& defined);
  void apply_one(BytesView key, const domain::StockReserved& reserved);
  void apply_one(BytesView key, const domain::ReservationEnded& ended);
  void apply_one(BytesView key, const domain::SupplyExpected& expected);

  Connection* connection_;
};

// ---- queries: any connection ----

/// By name, the withdrawn ones among them.
std::vector<domain::SafetyStockRule> safety_stock_rules(Connection& connection);
std::vector<domain::SellingChannel> selling_channels(Connection& connection);
/// Those that may hold for an article: its own, and those of any.
std::vector<domain::SafetyStockRule> safety_stock_rules_for(Connection& connection, const Sku& sku);
std::optional<domain::SafetyStockRule> find_safety_stock_rule(Connection& connection,
                                                              const std::string& name);
/// The channel as it is defined; nothing if it is not, or is withdrawn.
std::optional<domain::SellingChannel> find_selling_channel(Connection& connection,
                                                           const std::string& name);

struct ReservationRow {
  domain::StockReserved reserved;
  std::string ended;  ///< "RELEASED", "ORDERED"; empty: not by anybody, but perhaps by time
};
std::optional<ReservationRow> find_reservation(Connection& connection, ReservationId id);

/// What baskets keep of an article at a moment.
struct SoftReserved {
  SiteId pickup_site;  ///< empty: to be shipped
  std::int64_t milli = 0;
};
/// By site, over all channels: who reserved first keeps it, whoever sells it.
std::vector<SoftReserved> soft_reserved(Connection& connection, const Sku& sku, UtcTime now);

/// What is to come of an article, what has come already left out; by date.
std::vector<domain::ExpectedSupply> expected_supply(Connection& connection, const Sku& sku);
/// What is to come of any article, behind that reference, by reference.
std::vector<domain::ExpectedSupply> expected_supply_page(Connection& connection,
                                                         const std::string& after,
                                                         std::size_t limit);
std::optional<domain::ExpectedSupply> find_expected_supply(Connection& connection,
                                                           const std::string& reference);

/// Units of an article that are ordered in any channel, and that no site has to fill.
struct Unbrokered {
  std::int64_t milli = 0;
  std::map<SiteId, std::int64_t> pickup_milli;  ///< of them: to be collected, by the site where
};
Unbrokered unbrokered(Connection& connection, const Sku& sku);

}  // namespace cairn::storage
