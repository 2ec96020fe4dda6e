#include "core/storage/site_load.h"

#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <array>
#include <chrono>
#include <string>

namespace cairn::storage::site_load_test {
namespace {

using test::order_id;
using test::pieces;
using test::site;
using test::sku;
using Hub = test::GroupHub;

/// How SQLite would go about it, a line for each step.
std::string plan_of(Connection& connection, std::string_view sql) {
  Statement& explain = connection.prepare("EXPLAIN QUERY PLAN " + std::string(sql));
  std::string plan;
  while (explain.step()) plan += explain.text(3) + "\n";
  return plan;
}

TEST_CASE("site load: no question reads all groups there ever were", "[storage][ship_groups]") {
  Hub hub;
  const auto begins = [&hub](std::string_view sql, std::string_view index) {
    const std::string plan = plan_of(hub.connection(), sql);
    CAPTURE(plan);
    CHECK(plan.find("SCAN") == std::string::npos);
    CHECK(plan.substr(0, plan.find('\n')).find(index) != std::string::npos);
  };
  begins(kOrdersGiven, "ix_ship_group__allocated (allocated_hlc>?)");
  begins(kMilliGiven, "ix_ship_group_line__sku (sku=? AND group_id>?)");
  begins(kShorts, "ix_ship_group__order (order_id=?)");
  begins(kHeldBefore, "ix_customer_order__held (rank<?)");
  begins(kForgetShorts, "ix_site_short__noted (noted_utc_us<?)");
}

TEST_CASE("site load: what sites were given since a moment", "[storage][ship_groups]") {
  Hub hub;
  const UtcTime begin = hub.clock.now;
  const auto number = [](UtcTime at) {
    const auto ms = static_cast<std::uint64_t>(at.us / 1000);
    std::array<std::uint8_t, Uuid::kSize> octets{};
    for (unsigned i = 0; i < 6; ++i) octets.at(i) = static_cast<std::uint8_t>(ms >> (40U - 8U * i));
    octets[6] = 0x70;
    return ShipGroupId(Uuid(octets));
  };
  const auto give = [&](std::string_view at, std::int64_t units) {
    auto event = test::allocated(number(hub.clock.now), order_id(1), {{1, "A1", units}});
    hub.append(domain::ShipGroupEvent(event), domain::ship_group_key(event.group), site(at));
  };
  give("store", 2);
  hub.clock.advance(std::chrono::hours(24 * 40));
  const UtcTime later = hub.clock.now;
  give("store", 5);
  using Given = std::map<SiteId, std::int64_t>;
  CHECK(milli_given(hub.connection(), sku("A1"), begin) == Given{{site("store"), pieces(7)}});
  CHECK(milli_given(hub.connection(), sku("A1"), later) == Given{{site("store"), pieces(5)}});
  CHECK(milli_given(hub.connection(), sku("A2"), begin).empty());
  CHECK(orders_given(hub.connection(), later) == Given{{site("store"), 1}});
}

TEST_CASE("site load: a site that could not give an article to an order, and no other",
          "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 2}, {2, "A2", 1}});
  hub.allocate(2, "store", {{1, "A1", 2}});
  CHECK(shorts_of(hub.connection(), order_id(1)).empty());
  hub.shorted(1, 1);
  CHECK(shorts_of(hub.connection(), order_id(1)) == Shorts{{site("store"), sku("A1")}});
  // A cancelled unit was not short.
  hub.cancel(2, 2);
  CHECK(shorts_of(hub.connection(), order_id(2)).empty());
}

}  // namespace
}  // namespace cairn::storage::site_load_test
