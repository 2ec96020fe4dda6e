#include "central/returns/find_sales.h"

#include "central/returns/refund_policy.h"
#include "core/storage/projections/returns.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

namespace cairn::central::find_sales_test {
namespace {

using storage::UnitOfWork;
using storage::test::at_ms;
using storage::test::came_back;
using storage::test::group_id;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;
using storage::test::sscc_of;

/// Group 1 of the store: three pieces of line 1 are packed, labelled and shipped.
struct Hub : storage::test::GroupHub {
  Hub() {
    allocate(1, "store", {{1, "A1", 3}, {2, "A2", 1}});
    pick(1, 3);
    label(1, pack(1, 3), 7);
    ship(1, 3);
  }
  std::vector<domain::Sale> find(const std::string& text, std::string_view asker = "depot") {
    std::vector<domain::Sale> sales;
    REQUIRE(job([&](UnitOfWork& work) -> Result<bool> {
      sales = find_sales(work, site(asker), text);
      return true;
    }));
    return sales;
  }
  std::int64_t sold(std::string_view asker = "depot") {
    const auto sales = find("web-1", asker);
    return sales.empty() ? 0 : sales.front().find(LineNo(1))->sold.sold.milli / 1000;
  }
};

TEST_CASE("find sales: by either number of a label, as typed or as scanned, or by the order's",
          "[central][returns]") {
  Hub hub;
  for (const std::string& text :
       {sscc_of(7), "00" + sscc_of(7), domain::tracking_number(7), std::string("web-1")}) {
    CAPTURE(text);
    const auto sales = hub.find(text);
    REQUIRE(sales.size() == 1);
    CHECK(sales[0] == domain::sale_of(hub.replica().ship_group(group_id(1))));
  }
  CHECK(hub.find("web-9").empty());
  CHECK(hub.find("").empty());
  CHECK(hub.find(sscc_of(8)).empty());
}

TEST_CASE("find sales: an order that was split is several sales; what was not sold is none",
          "[central][returns]") {
  Hub hub;
  hub.allocate(2, "depot");
  CHECK(hub.find("web-1").size() == 1);
  hub.pick(2, 2, 1, 3, "depot");
  hub.ship(2, 2, 1, 3, "depot");
  CHECK(hub.find("web-1").size() == 2);
}

TEST_CASE("find sales: what other sites took back is not sold any more, what the asker took is",
          "[central][returns]") {
  Hub hub;
  CHECK(hub.sold() == 3);
  hub.comes_back(came_back(1, 1, 2, 3));
  CHECK(hub.sold("depot") == 1);
  CHECK(hub.sold("store") == 3);
  hub.comes_back(came_back(2, 1, 1, 1), 5, "depot");
  CHECK(hub.sold("depot") == 1);
  CHECK(hub.sold("store") == 2);
  CHECK(hub.sold("mall") == 0);
  CHECK(hub.find("web-1", "mall").empty());
}

/// Asks for the sale at the depot and takes so many units back of it; returns what is contested.
std::int64_t take_back_at_depot(Hub& hub, std::int64_t units) {
  const auto sale = hub.find("web-1").front();
  auto taken = came_back(9, 1, units, 0);
  taken.lines.front().sold_milli = sale.find(LineNo(1))->sold.sold.milli;
  REQUIRE(hub.job([&](UnitOfWork& work) -> Result<bool> {
    const auto records = {storage::test::octets(
        domain::ReturnEvent(taken), domain::return_ledger_key(group_id(1), site("depot")),
        site("depot"), at_ms(9000))};
    const auto done =
        work.replica().take_uplink({node(6), Incarnation(1), 1}, site("depot"), records);
    if (!done) return fail(done.error());
    if (auto ok = on_return_taken(work, {done->front().meta, taken}); !ok) return fail(ok.error());
    return true;
  }));
  std::int64_t milli = 0;
  for (const auto& row : storage::refund_exceptions(hub.connection(), site("depot"))) {
    milli += row.milli;
  }
  return milli / 1000;
}

TEST_CASE("find sales: a return of all that was found is not contested", "[central][returns]") {
  Hub hub;
  CHECK(take_back_at_depot(hub, 3) == 0);
}

// A site is told what was sold less what others took back, and its ReturnTaken says so: that is not
// to be subtracted a second time.
TEST_CASE("find sales: a return of what was left is not contested", "[central][returns]") {
  Hub hub;
  hub.comes_back(came_back(1, 1, 1, 3));
  CHECK(hub.sold("depot") == 2);
  CHECK(take_back_at_depot(hub, 2) == 0);
}

}  // namespace
}  // namespace cairn::central::find_sales_test
