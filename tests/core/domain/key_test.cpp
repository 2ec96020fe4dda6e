#include "core/domain/key.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include <set>
#include <string>

namespace cairn::domain::key_test {
namespace {

using namespace test;
using std::string_literals::operator""s;

TEST_CASE("key: the kind of aggregate, then its id", "[domain][key]") {
  const Bytes seven = cairn::test::uuid(7).bytes();
  CHECK(Key{}.bytes().empty());
  CHECK(product_key(sku("SKU-1")).bytes() == "\x01SKU-1");
  CHECK(facility_key(site("store-1")).bytes() == "\x02store-1");
  CHECK(location_key(site("store-1"), location("A-01")).bytes() == "\x03store-1\0A-01"s);
  CHECK(staff_key(site("store-1"), user(7)).bytes() == "\x04store-1\0"s + seven);
  CHECK(staff_key(SiteId{}, user(7)).bytes() == "\x04\0"s + seven);
  CHECK(node_key(node(7)).bytes() == "\x05" + seven);
  CHECK(order_key(order_id(7)).bytes() == "\x06" + seven);
  CHECK(ship_group_key(ship_group_id(7)).bytes() == "\x07" + seven);
  CHECK(return_ledger_key(ship_group_id(7), site("store-1")).bytes() == "\x08" + seven + "store-1");
  CHECK(payment_key(PaymentId(cairn::test::uuid(7))).bytes() == "\x09" + seven);
  CHECK(stored_value_key(StoredValueId(cairn::test::uuid(7))).bytes() == "\x0a" + seven);
  CHECK(channel_key("web").bytes() == "\x0cweb");
  CHECK(safety_stock_key("York").bytes() == "\x0dYork");
  CHECK(supply_key("PO-17/3").bytes() == "\x0fPO-17/3");
  CHECK(rule_set_key("week").bytes() == "\x10week");
  CHECK(promotion_key("week").bytes() == "\x11week");
  CHECK(stock_lease_key(StockLeaseId(cairn::test::uuid(7))).bytes() == "\x14" + seven);
  CHECK(lease_policy_key("cups").bytes() ==
        "\x15"
        "cups");
  CHECK(reservation_key(ReservationId(cairn::test::uuid(7))).bytes() == "\x0e" + seven);
}

TEST_CASE("key: the group of a ship group's and of a return's key", "[domain][key]") {
  const ShipGroupId group = ship_group_id(7);
  CHECK(group_of_key(ship_group_key(group).bytes()) == group);
  CHECK(group_of_key(return_ledger_key(group, site("store-1")).bytes()) == group);
  for (const Bytes& other : {Bytes(), order_key(order_id(7)).bytes(), node_key(node(7)).bytes(),
                             ship_group_key(group).bytes() + "x", Bytes("\x07 short")}) {
    CAPTURE(to_hex(other));
    CHECK(group_of_key(other) == ShipGroupId{});
  }
}

TEST_CASE("key: a kind without ordered state has no octets, whatever its id", "[domain][key]") {
  CHECK(Key{AggregateKind::kNone, "anything"}.bytes().empty());
}

TEST_CASE("key: things of the same id but another kind or place stay apart", "[domain][key]") {
  const std::set<Bytes> keys{
      node_key(node(1)).bytes(),
      order_key(order_id(1)).bytes(),
      ship_group_key(ship_group_id(1)).bytes(),
      return_ledger_key(ship_group_id(1), site("a")).bytes(),
      return_ledger_key(ship_group_id(1), site("b")).bytes(),
      return_ledger_key(ship_group_id(2), site("a")).bytes(),
      product_key(sku("a")).bytes(),
      facility_key(site("a")).bytes(),
      location_key(site("a"), location("b")).bytes(),
      location_key(site("ab"), location("c")).bytes(),
      location_key(site("a"), location("bc")).bytes(),
      staff_key(site("a"), user(1)).bytes(),
      staff_key(SiteId{}, user(1)).bytes(),
      payment_key(PaymentId(cairn::test::uuid(1))).bytes(),
      stored_value_key(StoredValueId(cairn::test::uuid(1))).bytes(),
      stock_lease_key(StockLeaseId(cairn::test::uuid(1))).bytes(),
  };
  CHECK(keys.size() == 16);
}

TEST_CASE("key: what is no key of any aggregate is told from one", "[domain][key]") {
  const Bytes sixteen(16, 'i');
  for (const Bytes& good : {"\1SKU"s, "\2store"s, "\3store\0B-1"s, "\4store\0"s + sixteen,
                            "\4\0"s + sixteen, "\5"s + sixteen, "\6"s + sixteen, "\7"s + sixteen,
                            "\10"s + sixteen + "store", "\11"s + sixteen, "\12"s + sixteen,
                            "\14web"s, "\15York"s, "\16"s + sixteen, "\24"s + sixteen,
                            "\25"
                            "cups"s}) {
    CAPTURE(to_hex(good));
    CHECK(is_key(good));
  }
  for (const Bytes& bad : {""s,
                           "\0"s,
                           "\1"s,
                           "\2"s,
                           "\2NOT A SITE"s,
                           "\3store"s,
                           "\3store\0"s,
                           "\4store"s + sixteen,
                           "\4store\0x"s,
                           "\5"s,
                           "\6"s + sixteen + "x",
                           "\7short"s,
                           "\10"s + sixteen,
                           "\11x"s,
                           "\12"s,
                           "\13"s + sixteen,
                           "\14"s,
                           "\14"s + Bytes(65, 'n'),
                           "\15"s,
                           "\16short"s,
                           "\24short"s,
                           "\25"s,
                           "\25"s + Bytes(65, 'n')}) {
    CAPTURE(to_hex(bad));
    CHECK_FALSE(is_key(bad));
  }
}

}  // namespace
}  // namespace cairn::domain::key_test
