#include "core/storage/projections/reference_data.h"

#include "core/base/assert.h"
#include "core/storage/migrate.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <vector>

namespace cairn::storage::reference_data_test {
namespace {

using test::bin;
using test::node;
using test::product;
using test::site;
using test::sku;
using test::user;

/// The projection with nothing around it.
class Catalogue {
 public:
  Catalogue() : connection_(open()), data_(connection_) {}

  void define(const domain::ReferenceEvent& event, std::string_view at = "") {
    domain::Envelope meta;
    if (!at.empty()) meta.site = site(at);
    data_.apply(meta, event);
  }
  void used(std::uint64_t by, std::uint64_t inc) { data_.note_label(node(by), Incarnation(inc)); }
  void reset() { data_.reset(); }
  Connection& connection() { return connection_; }

 private:
  static Connection open() {
    auto opened = Connection::open_writer(":memory:", Connection::Durability::kSimulated);
    CAIRN_ASSERT(opened && migrate(*opened), "a test's database opens");
    return *std::move(opened);
  }

  Connection connection_;
  ReferenceData data_;
};

TEST_CASE("products: one is found as it was defined, and as it was defined last",
          "[storage][reference]") {
  Catalogue catalogue;
  CHECK_FALSE(find_product(catalogue.connection(), sku("A1")));
  domain::Product first = product("A1", 2);
  first.gtins.push_back(test::gtin(1));
  catalogue.define(domain::ProductDefined{first});
  domain::Product found = first;
  std::ranges::sort(found.gtins);
  CHECK(find_product(catalogue.connection(), sku("A1")) == found);

  domain::Product second = product("A1", 3);
  second.name = "Renamed";
  second.price.reset();
  second.uom = Uom::kKilogram;
  second.unit_weight_mg = 0;
  catalogue.define(domain::ProductDefined{second});
  CHECK(find_product(catalogue.connection(), sku("A1")) == second);
  CHECK(product_count(catalogue.connection()) == 1);
  second.hazmat = true;
  second.category = "solvents";
  catalogue.define(domain::ProductDefined{second});
  CHECK(find_product(catalogue.connection(), sku("A1")) == second);
  CHECK(products(catalogue.connection(), "", 9) == std::vector{second});
  second.hazmat = false;
  second.category.clear();
  catalogue.define(domain::ProductDefined{second});
  CHECK(find_product(catalogue.connection(), sku("A1")) == second);
  CHECK_FALSE(find_product(catalogue.connection(), test::gtin(1)));  // no longer its number
}

TEST_CASE("products: a scanned number finds the active article, the first by SKU",
          "[storage][reference]") {
  Catalogue catalogue;
  catalogue.define(domain::ProductDefined{product("B", 1)});
  catalogue.define(domain::ProductDefined{product("A", 1)});
  CHECK(find_product(catalogue.connection(), test::gtin(1))->sku == sku("A"));
  domain::Product gone = product("A", 1);
  gone.active = false;
  catalogue.define(domain::ProductDefined{gone});
  CHECK(find_product(catalogue.connection(), test::gtin(1))->sku == sku("B"));
  CHECK(find_product(catalogue.connection(), sku("A"))->active == false);
  CHECK_FALSE(find_product(catalogue.connection(), test::gtin(2)));
}

TEST_CASE("products: the same number twice in one article is one number", "[storage][reference]") {
  Catalogue catalogue;
  domain::Product twice = product("A1", 1);
  twice.gtins = {test::gtin(1), test::gtin(1)};
  catalogue.define(domain::ProductDefined{twice});
  CHECK(find_product(catalogue.connection(), sku("A1"))->gtins == std::vector<Gtin>{test::gtin(1)});
}

TEST_CASE("products: pages by SKU", "[storage][reference]") {
  Catalogue catalogue;
  for (const char* const text : {"C", "A", "D", "B"}) {
    catalogue.define(domain::ProductDefined{product(text, 1)});
  }
  const auto text_of = [](const std::vector<domain::Product>& page) {
    std::string text;
    for (const auto& entry : page) text += entry.sku.text();
    return text;
  };
  CHECK(text_of(products(catalogue.connection(), "", 3)) == "ABC");
  CHECK(text_of(products(catalogue.connection(), "C", 3)) == "D");
  CHECK(products(catalogue.connection(), "A", 1).front().gtins.size() == 1);
}

TEST_CASE("facilities and locations: the last definition holds", "[storage][reference]") {
  Catalogue catalogue;
  const domain::Facility store{
      site("store"), "Store", domain::FacilityKind::kStore, {51'000'000, -1}, true};
  catalogue.define(domain::FacilityDefined{store});
  catalogue.define(domain::FacilityDefined{
      {site("depot"), "Depot", domain::FacilityKind::kWarehouse, {}, true}});
  CHECK(find_facility(catalogue.connection(), site("store")) == store);
  CHECK_FALSE(find_facility(catalogue.connection(), site("nowhere")));
  domain::Facility closed = store;
  closed.active = false;
  catalogue.define(domain::FacilityDefined{closed});
  const auto all = facilities(catalogue.connection());
  REQUIRE(all.size() == 2);
  CHECK(all[0].site == site("depot"));
  CHECK(all[0].kind == domain::FacilityKind::kWarehouse);
  CHECK(all[1] == closed);

  using domain::LocationType;
  for (const auto& location : {domain::Location{bin("B-2"), LocationType::kPick, 2},
                               domain::Location{bin("B-1"), LocationType::kBulk, 2},
                               domain::Location{bin("Z-1"), LocationType::kQc, 1}}) {
    catalogue.define(domain::LocationDefined{location}, "store");
  }
  catalogue.define(domain::LocationDefined{{bin("B-1"), LocationType::kPick, 9}}, "depot");
  const auto walk = locations(catalogue.connection(), site("store"));
  REQUIRE(walk.size() == 3);
  CHECK(walk[0].code == bin("Z-1"));
  CHECK(walk[1].code == bin("B-1"));
  CHECK(walk[1].type == LocationType::kBulk);
  CHECK(walk[2].code == bin("B-2"));
  CHECK(find_location(catalogue.connection(), site("depot"), bin("B-1"))->pick_sequence == 9);
  CHECK_FALSE(find_location(catalogue.connection(), site("depot"), bin("B-2")));
}

TEST_CASE("staff: one is found by name while active, by user always", "[storage][reference]") {
  Catalogue catalogue;
  const domain::StaffMember kim{user(1), "kim", domain::Role::kPicker, "hash", true};
  catalogue.define(domain::StaffAssigned{kim}, "store");
  CHECK(find_staff(catalogue.connection(), site("store"), "kim") == kim);
  CHECK(find_staff(catalogue.connection(), site("store"), user(1)) == kim);
  CHECK_FALSE(find_staff(catalogue.connection(), site("depot"), "kim"));
  CHECK_FALSE(find_staff(catalogue.connection(), SiteId{}, "kim"));
  domain::StaffMember left = kim;
  left.active = false;
  catalogue.define(domain::StaffAssigned{left}, "store");
  CHECK_FALSE(find_staff(catalogue.connection(), site("store"), "kim"));
  CHECK(find_staff(catalogue.connection(), site("store"), user(1)) == left);
}

TEST_CASE("staff: a name that two people bear belongs to the later one", "[storage][reference]") {
  Catalogue catalogue;
  catalogue.define(domain::StaffAssigned{{user(1), "kim", domain::Role::kPicker, "one", true}},
                   "store");
  catalogue.define(domain::StaffAssigned{{user(2), "kim", domain::Role::kAdmin, "two", true}},
                   "store");
  catalogue.define(domain::StaffAssigned{{user(3), "kim", domain::Role::kPicker, "three", true}},
                   "depot");
  CHECK(find_staff(catalogue.connection(), site("store"), "kim")->user == user(2));
  CHECK_FALSE(find_staff(catalogue.connection(), site("store"), user(1))->active);
  CHECK(find_staff(catalogue.connection(), site("depot"), "kim")->user == user(3));
  // A namesake who is not active takes nothing away.
  catalogue.define(domain::StaffAssigned{{user(4), "kim", domain::Role::kPicker, "four", false}},
                   "store");
  CHECK(find_staff(catalogue.connection(), site("store"), "kim")->user == user(2));
  CHECK(staff(catalogue.connection()).size() == 4);
}

TEST_CASE("nodes: the last registration holds, also of the site", "[storage][reference]") {
  Catalogue catalogue;
  catalogue.define(domain::NodeRegistered{{node(1), site("store"), "counter", true}}, "store");
  catalogue.define(domain::NodeRegistered{{node(2), site("depot"), "dock", true}}, "depot");
  CHECK(find_node(catalogue.connection(), node(1))->name == "counter");
  catalogue.define(domain::NodeRegistered{{node(1), site("depot"), "counter", false}}, "depot");
  CHECK(find_node(catalogue.connection(), node(1))->site == site("depot"));
  CHECK_FALSE(find_node(catalogue.connection(), node(1))->active);
  CHECK_FALSE(find_node(catalogue.connection(), node(3)));
  CHECK(nodes(catalogue.connection()).size() == 2);
}

domain::LabelBlockGranted block(std::uint64_t to, std::uint64_t inc, std::uint64_t first,
                                std::uint64_t count, std::string_view prefix = "9521234") {
  return {node(to), Incarnation(inc), domain::Gs1Prefix::parse(prefix).value(), {first, count}};
}

TEST_CASE("label serials: an incarnation's blocks in the order they are used",
          "[storage][reference]") {
  Catalogue catalogue;
  const auto serials = [&catalogue](std::uint64_t of, std::uint64_t inc) {
    return label_serials(catalogue.connection(), node(of), Incarnation(inc));
  };
  CHECK(serials(1, 1).blocks.empty());
  CHECK(serials(1, 1).left() == 0);
  catalogue.define(block(1, 1, 200, 100));
  catalogue.define(block(1, 1, 0, 50));
  catalogue.define(block(1, 2, 300, 10));
  catalogue.define(block(2, 1, 400, 10));
  CHECK(serials(1, 1).blocks ==
        std::vector<domain::LabelBlockGranted>{block(1, 1, 0, 50), block(1, 1, 200, 100)});
  CHECK(serials(1, 1).left() == 150);
  CHECK(serials(1, 2).left() == 10);
  // The same block again is the same block.
  catalogue.define(block(1, 1, 0, 50));
  CHECK(serials(1, 1).left() == 150);
}

TEST_CASE("label serials: each label on a package uses one up", "[storage][reference]") {
  Catalogue catalogue;
  catalogue.define(block(1, 1, 0, 2));
  const auto serials = [&catalogue](std::uint64_t inc) {
    return label_serials(catalogue.connection(), node(1), Incarnation(inc));
  };
  catalogue.used(1, 1);
  CHECK(serials(1).used == 1);
  CHECK(serials(1).left() == 1);
  CHECK(serials(2).used == 0);
  // More labels than serials: none is left, not less than none.
  catalogue.used(1, 1);
  catalogue.used(1, 1);
  CHECK(serials(1).used == 3);
  CHECK(serials(1).left() == 0);
}

TEST_CASE("label serials: the next block begins behind all blocks of all prefixes",
          "[storage][reference]") {
  Catalogue catalogue;
  const auto next = [&catalogue] { return next_label_serial(catalogue.connection()); };
  CHECK(next() == 0);
  catalogue.define(block(1, 1, 100, 100));
  catalogue.define(block(2, 5, 0, 100));
  CHECK(next() == 200);
  // Tracking numbers have no prefix: another one does not begin anew.
  catalogue.define(block(3, 1, 200, 10, "9521235"));
  CHECK(next() == 210);
}

TEST_CASE("reference data: reset() empties all of it", "[storage][reference]") {
  Catalogue catalogue;
  catalogue.define(domain::ProductDefined{product("A1", 1)});
  catalogue.define(domain::NodeRegistered{{node(1), site("store"), "counter", true}}, "store");
  catalogue.define(domain::LocationDefined{{bin("B-1"), domain::LocationType::kPick, 1}}, "store");
  catalogue.define(block(1, 1, 0, 10));
  catalogue.used(1, 1);
  REQUIRE_FALSE(test::dump_reference(catalogue.connection()).empty());
  catalogue.reset();
  CHECK(test::dump_reference(catalogue.connection()).empty());
}

}  // namespace
}  // namespace cairn::storage::reference_data_test
