#include "core/storage/projections/ship_groups.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::storage::packages_test {
namespace {

using test::group_id;
using test::node;
using test::pieces;
using test::site;
using test::sscc_of;
using Hub = test::GroupHub;
using Lines = std::vector<domain::LineUnits>;

/// Group 1 with five pieces of A1 in its tote.
struct Tote : Hub {
  Tote() {
    allocate(1, "store", {{1, "A1", 5}, {2, "A2", 1}});
    pick(1, 5);
    pick(1, 1, 2);
  }
  std::vector<PackageRow> rows_of() { return packages(connection(), group_id(1)); }
};

TEST_CASE("packages: listed as they were closed, with what is in them", "[storage][packages]") {
  Tote hub;
  CHECK(hub.rows_of().empty());
  const EventRef first =
      hub.happens(1, domain::PackageClosed{{{LineNo(2), pieces(1)}, {LineNo(1), pieces(2)}},
                                           510'000,
                                           500'000,
                                           domain::WeightCheck::kOverridden,
                                           test::user(4),
                                           "wet"});
  const EventRef second = hub.pack(1, 3);
  const auto rows = hub.rows_of();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].ref == first);
  CHECK(rows[0].lines == Lines{{LineNo(1), pieces(2)}, {LineNo(2), pieces(1)}});
  CHECK(rows[0].weight_mg == 510'000);
  CHECK(rows[0].expected_mg == 500'000);
  CHECK(rows[0].check == "OVERRIDDEN");
  CHECK(rows[0].label == "NONE");
  CHECK(rows[0].sscc.empty());
  CHECK(rows[0].tracking.empty());
  CHECK(rows[1].ref == second);
  CHECK(rows[1].check == "MATCHED");
  CHECK(packages(hub.connection(), group_id(2)).empty());
}

TEST_CASE("packages: the row follows the label", "[storage][packages]") {
  Tote hub;
  const EventRef package = hub.pack(1, 5);
  hub.label(1, package, 7);
  CHECK(hub.rows_of()[0].label == "ASSIGNED");
  CHECK(hub.rows_of()[0].sscc == sscc_of(7));
  CHECK(hub.rows_of()[0].tracking == domain::tracking_number(7));
  const EventRef start = hub.happens(1, domain::LabelPrintStarted{package, "p"});
  CHECK(hub.rows_of()[0].label == "PRINTING");
  hub.happens(1, domain::LabelPrintEnded{start, domain::PrintOutcome::kFailed, "no paper"});
  CHECK(hub.rows_of()[0].label == "FAILED");
  CHECK(hub.rows_of()[0].print_detail == "no paper");
  hub.happens(1, domain::LabelChecked{package, true}, 2);
  CHECK(hub.rows_of()[0].label == "PRINTED");
  CHECK(hub.rows_of()[0].print_detail.empty());
}

TEST_CASE("packages: a cancellation takes units out of the rows, too", "[storage][packages]") {
  Tote hub;
  hub.pack(1, 2);
  hub.pack(1, 3);
  hub.cancel(1, 4);
  const auto rows = hub.rows_of();
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].lines == Lines{{LineNo(1), pieces(1)}});
  CHECK(rows[1].lines.empty());
  CHECK(put_backs(hub.connection(), site("store")).size() == 1);
}

TEST_CASE("packages: the group of a scanned label is found by either number",
          "[storage][packages]") {
  Tote hub;
  const EventRef package = hub.pack(1, 5);
  CHECK_FALSE(group_of_label(hub.connection(), ""));
  hub.label(1, package, 7);
  CHECK(group_of_label(hub.connection(), sscc_of(7)) == group_id(1));
  CHECK(group_of_label(hub.connection(), domain::tracking_number(7)) == group_id(1));
  CHECK_FALSE(group_of_label(hub.connection(), sscc_of(8)));
  CHECK_FALSE(group_of_label(hub.connection(), domain::tracking_number(8)));
  // A package without numbers is not the one that an empty scan means.
  hub.pack(1, 1, 2);
  CHECK_FALSE(group_of_label(hub.connection(), ""));
}

TEST_CASE("packages: groups with a label on its way to a printer", "[storage][packages]") {
  Tote hub;
  hub.allocate(2);
  const EventRef first = hub.pack(1, 2);
  const EventRef second = hub.pack(1, 3);
  for (const EventRef& package : {first, second}) hub.label(1, package, package.seq);
  CHECK(groups_printing(hub.connection()).empty());
  hub.happens(1, domain::LabelPrintStarted{first, "p"});
  const EventRef start = hub.happens(1, domain::LabelPrintStarted{second, "p"});
  CHECK(groups_printing(hub.connection()) == std::vector<ShipGroupId>{group_id(1)});
  hub.happens(1, domain::LabelPrintEnded{start, domain::PrintOutcome::kDone, ""});
  CHECK(groups_printing(hub.connection()).size() == 1);
  hub.happens(1, domain::LabelPrintEnded{
                     {node(1), Incarnation(1), start.seq - 1}, domain::PrintOutcome::kUnknown, ""});
  CHECK(groups_printing(hub.connection()).empty());
}

TEST_CASE("packages: a second label of one package leads nowhere and is listed as a clash",
          "[storage][packages]") {
  Tote hub;
  const EventRef package = hub.pack(1, 5);
  hub.label(1, package, 7);
  const EventRef second = hub.label(1, package, 8, 2);
  CHECK_FALSE(group_of_label(hub.connection(), sscc_of(8)));
  const auto clashes = ship_group_exceptions(hub.connection(), site("store"));
  REQUIRE(clashes.size() == 1);
  CHECK(clashes[0].kind == "DUPLICATE_LABEL");
  CHECK(clashes[0].cause == second);
}

TEST_CASE("package totals: by site, and how many have their label on", "[storage][packages]") {
  Tote hub;
  hub.allocate(2, "depot");
  hub.pick(2, 2, 1, 3, "depot");
  CHECK(package_totals(hub.connection()).empty());
  const EventRef first = hub.pack(1, 2);
  hub.pack(1, 3);
  hub.label(1, first, 7);
  hub.happens(
      2,
      domain::PackageClosed{{{LineNo(1), pieces(2)}}, 1, 1, domain::WeightCheck::kMatched, {}, ""},
      3, "depot");
  const auto text = [&hub] {
    std::string all;
    for (const PackageTotals& row : package_totals(hub.connection())) {
      all += row.site.text() + " " + std::to_string(row.packages) + "/" +
             std::to_string(row.labelled) + "; ";
    }
    return all;
  };
  CHECK(text() == "depot 1/0; store 2/0; ");
  hub.happens(1, domain::LabelChecked{first, true});
  CHECK(text() == "depot 1/0; store 2/1; ");
}

}  // namespace
}  // namespace cairn::storage::packages_test
