#pragma once
// All rows of a site as text, in a canonical order: equal texts, equal replicas. Local numbers of
// authors are resolved; nothing that may differ between replicas (unconfirmed, seen when) is shown.

#include "core/storage/sqlite/connection.h"

#include <string>

namespace cairn::storage::test {

std::string dump_ship_groups(Connection& connection);
std::string dump_returns(Connection& connection);
std::string dump_stock(Connection& connection);
/// The log without the hub's own business: who wrote what, and where the feed has it.
std::string dump_site_log(Connection& connection, const std::string& feed);
std::string dump_orders(Connection& connection);
std::string dump_money(Connection& connection);
std::string dump_reference(Connection& connection);
/// Every projection there is.
std::string dump_projections(Connection& connection);

}  // namespace cairn::storage::test
