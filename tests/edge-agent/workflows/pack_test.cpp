#include "edge-agent/workflows/pack.h"

#include "tests/edge-agent/support/device.h"

namespace cairn::agent::pack_test {
namespace {

using namespace test;
using domain::Approval;
using domain::ClosePackage;
using domain::LineUnits;
using domain::WeightCheck;

/// Group 1 wants two A1 and one A2 to be shipped; group 2 one A4, whose weight nobody knows; group
/// 3 is picked up.
struct Bench : Device {
  Bench() {
    allocate(1, {{1, "A1", 2}, {2, "A2", 1}});
    allocate(2, {{1, "A4", 1}});
    allocate(3, {{1, "A1", 2}}, domain::FulfilmentMethod::kPickup);
  }
  void pick_all() {
    picked(1, 1, 2);
    picked(1, 2, 1);
  }
  static auto planning(std::uint64_t group) {
    return [group](UnitOfWork& work) { return plan_package(work, group_id(group)); };
  }
  static auto closing(ClosePackage package, std::uint64_t group = 1) {
    return [group, package](UnitOfWork& work) {
      return close_package(work, group_id(group), package, kBench1);
    };
  }
  static auto shipping(std::uint64_t group, const Operator& by = kBench1) {
    return [group, by](UnitOfWork& work) { return agent::ship(work, group_id(group), by); };
  }
};

LineUnits units(std::uint32_t line, std::int64_t count) { return {LineNo(line), pieces(count)}; }

TEST_CASE("pack: the plan is what lies in the tote, with what it should weigh", "[agent][pack]") {
  Bench bench;
  const auto empty = bench.job(Bench::planning(1));
  REQUIRE(empty);
  CHECK(empty->lines.empty());
  bench.pick_all();
  const auto plan = bench.job(Bench::planning(1));
  REQUIRE(plan);
  CHECK(plan->lines == std::vector<LineUnits>{units(1, 2), units(2, 1)});
  CHECK(plan->weight.checked);
  CHECK(plan->weight.expected_mg == 750'000);
  CHECK(plan->weight.tolerance_mg == 30'000);
  bench.picked(2, 1, 1, kBench2);
  const auto unknown = bench.job(Bench::planning(2));
  REQUIRE(unknown);
  CHECK_FALSE(unknown->weight.checked);
  bench.refused(ErrorCode::kNotFound, "no_such_group", Bench::planning(9));
}

TEST_CASE("pack: a package without lines is what was planned", "[agent][pack]") {
  Bench bench;
  bench.pick_all();
  const auto closed = bench.job(Bench::closing({{}, 760'000, {}}));
  REQUIRE(closed);
  const domain::Package* const package = bench.group(1).find_package(*closed);
  REQUIRE(package != nullptr);
  CHECK(package->lines == std::vector<LineUnits>{units(1, 2), units(2, 1)});
  CHECK(package->weight_mg == 760'000);
  CHECK(package->expected_mg == 750'000);
  CHECK(package->check == WeightCheck::kMatched);
  CHECK(bench.status(1) == "PACKED");
  // It is in the store still.
  CHECK(bench.in_tote("A1", 1) == pieces(2));
}

TEST_CASE("pack: a group goes into several packages, while it is being picked as well",
          "[agent][pack]") {
  Bench bench;
  bench.picked(1, 1, 2);
  REQUIRE(bench.job(Bench::closing({{units(1, 1)}, 250'000, {}})));
  CHECK(bench.status(1) == "PICKING");
  bench.picked(1, 2, 1);
  CHECK(bench.status(1) == "PICKED");
  REQUIRE(bench.job(Bench::closing({{}, 500'000, {}})));
  CHECK(bench.status(1) == "PACKED");
  CHECK(bench.group(1).packages.size() == 2);
  CHECK(storage::packages(bench.connection(), group_id(1)).size() == 2);
}

TEST_CASE("pack: a package that cannot be is refused with its reason", "[agent][pack]") {
  Bench bench;
  const auto refused = [&bench](ErrorCode code, std::string_view reason,
                                const ClosePackage& package, std::uint64_t group = 1) {
    return bench.refused(code, reason, Bench::closing(package, group));
  };
  refused(ErrorCode::kNotFound, "no_such_group", {{}, 1, {}}, 9);
  refused(ErrorCode::kRejected, "not_picked", {{}, 1, {}});
  bench.picked(1, 1, 1);
  refused(ErrorCode::kRejected, "not_in_tote", {{units(1, 2)}, 500'000, {}});
  refused(ErrorCode::kNotFound, "no_such_line", {{units(9, 1)}, 250'000, {}});
  refused(ErrorCode::kInvalid, "bad_quantity", {{{LineNo(1), 500}}, 125'000, {}});
  refused(ErrorCode::kInvalid, "bad_weight", {{}, 0, {}});
  const std::string light = refused(ErrorCode::kRejected, "weight_mismatch", {{}, 219'999, {}});
  CHECK_THAT(light, Catch::Contains("250 g expected"));
  const Approval own{kBench1.user, "wet"};
  refused(ErrorCode::kRejected, "approver_is_operator", {{}, 400'000, own});
  refused(ErrorCode::kInvalid, "bad_approval", {{}, 400'000, Approval{kLead, ""}});
  // An empty tote while the task goes on: there is nothing to pack.
  REQUIRE(bench.job(Bench::closing({{}, 250'000, {}})));
  refused(ErrorCode::kInvalid, "bad_quantity", {{}, 250'000, {}});
  bench.picked(3, 1, 1, kBench2);
  refused(ErrorCode::kRejected, "is_a_pickup", {{}, 250'000, {}}, 3);
}

TEST_CASE("pack: no package is heavier than one person may lift", "[agent][pack]") {
  Bench bench;
  bench.allocate(4, {{1, "A1", 70}});
  bench.picked(4, 1, 70);
  const auto all = Bench::closing({{units(1, 70)}, 17'500'000, {}}, 4);
  bench.refused(ErrorCode::kRejected, "package_too_heavy", all);
  const auto plan = bench.job(Bench::planning(4));
  REQUIRE(plan);
  CHECK(plan->lines == std::vector<LineUnits>{units(1, 60)});
  REQUIRE(bench.job(Bench::closing({{}, 15'000'000, {}}, 4)));
  CHECK(bench.done(Bench::planning(4)).lines == std::vector<LineUnits>{units(1, 10)});
}

TEST_CASE("pack: a second person lets another weight pass", "[agent][pack]") {
  Bench bench;
  bench.pick_all();
  const auto closed = bench.job(Bench::closing({{}, 900'000, Approval{kLead, "wet carton"}}));
  REQUIRE(closed);
  CHECK(bench.group(1).find_package(*closed)->check == WeightCheck::kOverridden);
}

TEST_CASE("pack: what cannot be weighed is packed unchecked", "[agent][pack]") {
  Bench bench;
  bench.picked(2, 1, 1);
  const auto closed = bench.job(Bench::closing({{}, 9'000'000, {}}, 2));
  REQUIRE(closed);
  CHECK(bench.group(2).find_package(*closed)->check == WeightCheck::kNotChecked);
}

// ---- out of the door ----

TEST_CASE("ship: a group leaves packed and labelled, once", "[agent][pack]") {
  Bench bench;
  bench.refused(ErrorCode::kRejected, "not_picked", Bench::shipping(1));
  bench.picked(1, 1, 2);
  bench.refused(ErrorCode::kRejected, "not_picked", Bench::shipping(1));
  bench.picked(1, 2, 1);
  bench.refused(ErrorCode::kRejected, "not_packed", Bench::shipping(1));
  const EventRef first = bench.packed(1, 1, 2);
  const EventRef second = bench.packed(1, 2, 1);
  bench.labelled(1, first, 1);
  bench.refused(ErrorCode::kRejected, "not_labelled", Bench::shipping(1));
  bench.labelled(1, second, 2);
  const auto shipped = bench.job(Bench::shipping(1, kBench2));  // whoever stands at the door
  REQUIRE(shipped);
  CHECK(wire::decode_record(bench.replica().log().read(*shipped)->record)->type ==
        domain::ShipGroupShipped::kTypeId);
  CHECK(bench.status(1) == "SHIPPED");
  CHECK(bench.in_tote("A1", 1) == 0);
  CHECK(storage::site_on_hand_milli(bench.connection(), site("store"), sku("A1")) == pieces(8));
  bench.refused(ErrorCode::kRejected, "already_shipped", Bench::shipping(1));
  bench.refused(ErrorCode::kNotFound, "no_such_group", Bench::shipping(9));
}

TEST_CASE("ship: a pickup does not leave by the door", "[agent][pack]") {
  Bench bench;
  bench.picked(3, 1, 2);
  bench.refused(ErrorCode::kRejected, "is_a_pickup", Bench::shipping(3));
}

}  // namespace
}  // namespace cairn::agent::pack_test
