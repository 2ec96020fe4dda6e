#include "core/storage/projections/stock_leases.h"

#include "core/storage/projections/stock_on_hand.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cairn::storage::stock_leases_test {
namespace {

using domain::LeaseEvent;
using domain::StockEvent;
using test::at_ms;
using test::bin;
using test::node;
using test::pieces;
using test::site;
using test::sku;

const StockLeaseId kLeaseId(test::uuid(40));

domain::StockLeased leased(std::int64_t units = 5) {
  return {kLeaseId,  node(1),       Incarnation(1),
          sku("A1"), pieces(units), UtcTime{1'790'000'600'000'000},
          60};
}

domain::StockMoved sale(std::int64_t units, std::string_view article = "A1") {
  domain::StockMoved moved = test::moved(article, "B-1", "", pieces(units));
  moved.reason = domain::MovementReason::kSale;
  moved.lease = kLeaseId;
  return moved;
}

struct Hub : test::Store {
  Hub() : Store(test::hub_identity(node(77))) {
    append(StockEvent(test::counted("A1", "B-1", pieces(10), domain::CountSource::kImport)), {},
           site("store"));
  }
  void says(const LeaseEvent& event, std::string_view at = "store") {
    append(event, domain::stock_lease_key(kLeaseId), site(at));
  }
  void sells(const domain::StockMoved& moved, std::uint64_t author = 1,
             std::string_view at = "store") {
    take(StockEvent(moved), {}, author, at);
  }
  void gives_back(std::int64_t units, std::uint64_t author = 1, std::string_view at = "store") {
    take(LeaseEvent(domain::LeaseReturned{pieces(units)}), domain::stock_lease_key(kLeaseId),
         author, at);
  }
  void take(const domain::Event& event, const domain::Key& key, std::uint64_t author,
            std::string_view at) {
    take_uplink(node(author), Incarnation(1), site(at),
                {test::octets(event, key, site(at), at_ms(++ms_))});
  }
  domain::StockLease lease() { return find_lease(connection(), kLeaseId).value(); }
  /// "on hand - leased = ATP" of A1 at the store.
  std::string figures() {
    const auto stock = site_figures(connection(), site("store"), sku("A1"));
    return milli_text(stock.on_hand_milli) + "-" + milli_text(stock.leased_milli) + "=" +
           milli_text(stock.atp_milli());
  }

 private:
  std::uint64_t ms_ = 0;
};

TEST_CASE("stock leases: what is leased cannot be promised until it is given back",
          "[storage][stock]") {
  Hub hub;
  CHECK(hub.figures() == "10-0=10");
  hub.says(leased());
  CHECK(hub.figures() == "10-5=5");
  CHECK(hub.changes.stock_cells.contains({site("store"), sku("A1")}));
  hub.sells(sale(2));
  CHECK(hub.figures() == "8-3=5");
  CHECK(hub.changes.leases);
  hub.says(domain::LeaseRecalled{});
  CHECK(hub.figures() == "8-3=5");
  CHECK(state_name(hub.lease()) == "ENDING");
  hub.gives_back(3);
  CHECK(hub.figures() == "8-0=8");
  CHECK(hub.changes.stock_cells.contains({site("store"), sku("A1")}));
  CHECK(state_name(hub.lease()) == "RETURNED");
  CHECK(hub.lease().returned_milli == pieces(3));
  CHECK(open_leases_of(hub.connection(), node(1)).empty());
}

TEST_CASE("stock leases: one that the hub ends is everybody's again", "[storage][stock]") {
  Hub hub;
  hub.says(leased());
  hub.sells(sale(1));
  hub.says(domain::LeaseClosed{domain::LeaseClose::kExpired});
  CHECK(hub.figures() == "9-0=9");
  CHECK(state_name(hub.lease()) == "EXPIRED");
  // The first word holds, and what comes late from the device changes nothing any more.
  hub.says(domain::LeaseClosed{domain::LeaseClose::kWrittenOff});
  hub.gives_back(4);
  CHECK(hub.figures() == "9-0=9");
}

TEST_CASE("stock leases: only its holder sells under it, its article at its site",
          "[storage][stock]") {
  Hub hub;
  hub.says(leased());
  hub.sells(sale(1), 2);
  hub.sells(sale(1, "A2"));
  hub.sells(sale(1), 3, "depot");
  hub.gives_back(5, 2);
  hub.gives_back(5, 3, "depot");
  CHECK(hub.lease().sold_milli == 0);
  CHECK(hub.lease().open());
  CHECK(hub.figures() == "9-5=4");
  hub.sells(sale(9));
  CHECK(hub.lease().outstanding_milli() == 0);
  CHECK(hub.figures() == "0-0=0");
}

TEST_CASE("stock leases: what is made anew from the log is the same", "[storage][stock]") {
  Hub hub;
  hub.says(leased());
  hub.sells(sale(2));
  hub.says(domain::LeaseRecalled{});
  const domain::StockLease before = hub.lease();
  hub.rebuild();
  CHECK(hub.lease() == before);
  CHECK(hub.figures() == "8-3=5");
  hub.gives_back(3);
  hub.says(domain::LeaseClosed{domain::LeaseClose::kExpired});
  const domain::StockLease after = hub.lease();
  hub.rebuild();
  CHECK(hub.lease() == after);
}

TEST_CASE("stock leases: in whatever order the words come, they mean the same",
          "[storage][stock]") {
  struct Word {
    domain::Event event;
    bool by_hub = true;
  };
  const std::vector<Word> words{{LeaseEvent(leased()), true},
                                {LeaseEvent(domain::LeaseRecalled{}), true},
                                {LeaseEvent(domain::LeaseClosed{}), true},
                                {StockEvent(sale(2)), false},
                                {LeaseEvent(domain::LeaseReturned{pieces(3)}), false}};
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  std::optional<domain::StockLease> expected;
  test::Store store(test::hub_identity(node(77)));
  StockLeases leases(store.connection());
  do {
    leases.reset();
    const Bytes key = domain::stock_lease_key(kLeaseId).bytes();
    for (const std::size_t at : order) {
      const domain::Envelope meta{
          {node(words[at].by_hub ? 77 : 1), Incarnation(1), 1}, at_ms(1), {}, site("store")};
      if (const auto* const event = std::get_if<LeaseEvent>(&words[at].event)) {
        leases.apply(meta, key, *event);
      } else {
        leases.apply_sale(meta, sale(2));
      }
    }
    const auto lease = find_lease(store.connection(), kLeaseId);
    REQUIRE(lease);
    if (!expected) expected = lease;
    CHECK(*lease == *expected);
  } while (std::ranges::next_permutation(order).found);
  REQUIRE(expected);
  CHECK(expected->sold_milli == pieces(2));
  CHECK(expected->recalled);
  CHECK(expected->closed == domain::LeaseClose::kExpired);
  CHECK(expected->returned_milli == pieces(3));
}

TEST_CASE("stock leases: what a device grants itself takes no effect", "[storage][stock]") {
  Hub hub;
  hub.take(LeaseEvent(leased()), domain::stock_lease_key(kLeaseId), 1, "store");
  CHECK_FALSE(find_lease(hub.connection(), kLeaseId));
  CHECK(hub.number("SELECT count(*) FROM quarantine WHERE kind = 'INADMISSIBLE'") == 1);
}

TEST_CASE("stock leases: pages of them, by site, article and state", "[storage][stock]") {
  Hub hub;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    domain::StockLeased one = leased(1);
    one.lease = StockLeaseId(test::uuid(50 + i));
    one.sku = sku(i % 2 == 0 ? "A2" : "A1");
    hub.append(LeaseEvent(one), domain::stock_lease_key(one.lease),
               site(i == 4 ? "depot" : "store"));
  }
  hub.append(LeaseEvent(domain::LeaseClosed{}),
             domain::stock_lease_key(StockLeaseId(test::uuid(51))), site("store"));
  const auto numbers = [&hub](const LeasePage& page) {
    std::string text;
    for (const domain::StockLease& lease : leases_page(hub.connection(), page)) {
      for (std::uint64_t i = 1; i <= 4; ++i) {
        if (lease.granted.lease == StockLeaseId(test::uuid(50 + i))) text += std::to_string(i);
      }
    }
    return text;
  };
  CHECK(numbers({}) == "1234");
  CHECK(numbers({site("store"), {}, false, {}, 100}) == "123");
  CHECK(numbers({{}, sku("A1"), false, {}, 100}) == "13");
  CHECK(numbers({{}, {}, true, {}, 100}) == "234");
  CHECK(numbers({{}, {}, false, test::uuid(52), 1}) == "3");
}

TEST_CASE("stock leases: the strictest active policy of an article holds", "[storage][stock]") {
  Hub hub;
  const auto define = [&hub](const domain::LeasePolicy& policy) {
    hub.append(LeaseEvent(domain::LeasePolicyDefined{policy}),
               domain::lease_policy_key(policy.name), {});
  };
  const auto beyond = [&hub](std::string_view article) {
    const auto found = beyond_lease_of(hub.connection(), sku(article));
    return found ? std::string(name_of(*found)) : std::string();
  };
  domain::LeasePolicy all{"all", {sku("A1"), sku("A2")}, domain::BeyondLease::kWarn, true};
  domain::LeasePolicy few{"few", {sku("A1")}, domain::BeyondLease::kRefuse, true};
  define(all);
  CHECK(beyond("A1") == "WARN");
  CHECK(beyond("A3").empty());
  define(few);
  CHECK(beyond("A1") == "REFUSE");
  CHECK(beyond("A2") == "WARN");
  CHECK(lease_policies(hub.connection()) == std::vector{all, few});
  few.active = false;
  define(few);
  all.skus = {sku("A2")};
  define(all);
  CHECK(beyond("A1").empty());
  CHECK(find_lease_policy(hub.connection(), "few") == few);
  hub.rebuild();
  CHECK(lease_policies(hub.connection()) == std::vector{all, few});
}

}  // namespace
}  // namespace cairn::storage::stock_leases_test
