#include "edge-agent/workflows/labels.h"

#include "tests/edge-agent/support/device.h"

namespace cairn::agent::labels_test {
namespace {

using namespace test;
using domain::EndLabelPrint;
using domain::LabelStatus;
using domain::PrintOutcome;

/// Group 1, two A1, is in two packages; two more groups of one piece wait.
struct Printing : Device {
  Printing() {
    allocate(1, {{1, "A1", 2}});
    picked(1, 1, 2);
    first = packed(1, 1, 1);
    second = packed(1, 1, 1);
  }
  EventRef first;
  EventRef second;

  static auto starting(const EventRef& package, std::uint64_t group = 1, bool waits = false) {
    return [package, group, waits](UnitOfWork& work) {
      return start_label(work, group_id(group), package, "zebra", waits, kBench1);
    };
  }
  LabelOrder start(const EventRef& package, std::uint64_t group = 1) {
    const auto order = job(starting(package, group));
    REQUIRE(order);
    return *order;
  }
  /// Behind others.
  LabelOrder start_waiting(const EventRef& package) {
    const auto order = job(starting(package, 1, true));
    REQUIRE(order);
    return *order;
  }
  GivenUp give_up() {
    const auto given_up = job(give_up_unfinished_labels);
    REQUIRE(given_up);
    return *given_up;
  }
  static auto ending(const EventRef& start, PrintOutcome outcome, std::string detail = "",
                     std::uint64_t group = 1) {
    return [=](UnitOfWork& work) {
      return end_label(work, group_id(group), EndLabelPrint{start, outcome, detail});
    };
  }
  static auto checking(const EventRef& package, bool came_out) {
    return [package, came_out](UnitOfWork& work) {
      return check_label(work, group_id(1), {package, came_out}, kBench1);
    };
  }
  const domain::Package& package(const EventRef& ref, std::uint64_t number = 1) {
    const domain::Package* const found = group(number).find_package(ref);
    REQUIRE(found != nullptr);
    return *found;
  }
};

TEST_CASE("label: a package gets the next numbers of the device's block, and is printed once",
          "[agent][labels]") {
  Printing bench;
  bench.grant(500, 2);
  const LabelOrder order = bench.start(bench.first);
  CHECK(order.group == group_id(1));
  CHECK(order.order_reference == "order-1");
  CHECK(order.weight_mg == 250'000);
  CHECK(order.sscc == Device::sscc(500));
  CHECK(order.tracking == domain::tracking_number(500));
  CHECK(order.site_name == "store");  // nobody told this device the site's name yet
  CHECK(bench.package(bench.first).label == LabelStatus::kPrinting);
  CHECK(bench.package(bench.first).print == order.start);
  CHECK(wire::decode_record(bench.replica().log().read(order.start)->record)->type ==
        domain::LabelPrintStarted::kTypeId);

  REQUIRE(bench.job(Printing::ending(order.start, PrintOutcome::kDone)));
  CHECK(bench.package(bench.first).label == LabelStatus::kPrinted);
  bench.refused(ErrorCode::kRejected, "label_printed", Printing::starting(bench.first));
  CHECK(bench.start(bench.second).sscc == Device::sscc(501));
}

TEST_CASE("label: the site is named as people know it", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 1);
  bench.hub.append(
      domain::ReferenceEvent(domain::FacilityDefined{
          {site("store"), "Leeds", domain::FacilityKind::kStore, {51'500'000, 0}, true}}),
      domain::facility_key(site("store")), {});
  bench.hear();
  CHECK(bench.start(bench.first).site_name == "Leeds");
}

TEST_CASE("label: without numbers left nothing is printed, until the hub gives more",
          "[agent][labels]") {
  Printing bench;
  bench.refused(ErrorCode::kUnavailable, "no_label_numbers", Printing::starting(bench.first));
  bench.grant(1, 5, 2);  // another incarnation's
  bench.refused(ErrorCode::kUnavailable, "no_label_numbers", Printing::starting(bench.first));
  bench.grant(7, 1);
  CHECK(bench.start(bench.first).sscc == Device::sscc(7));
  bench.refused(ErrorCode::kUnavailable, "no_label_numbers", Printing::starting(bench.second));
  bench.grant(100, 3);
  CHECK(bench.start(bench.second).sscc == Device::sscc(100));
}

TEST_CASE("label: a label that failed is printed again with the same numbers", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  const LabelOrder order = bench.start(bench.first);
  bench.refused(ErrorCode::kRejected, "label_printing", Printing::starting(bench.first));
  REQUIRE(bench.job(Printing::ending(order.start, PrintOutcome::kFailed, "no paper")));
  CHECK(bench.package(bench.first).label == LabelStatus::kFailed);
  CHECK(bench.package(bench.first).print_detail == "no paper");
  const LabelOrder again = bench.start(bench.first);
  CHECK(again.sscc == order.sscc);
  CHECK(again.start != order.start);
  // No number was used up by it.
  CHECK(bench.start(bench.second).sscc == Device::sscc(2));
}

TEST_CASE("label: the end of a print is noted once", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  const LabelOrder order = bench.start(bench.first);
  REQUIRE(bench.job(Printing::ending(order.start, PrintOutcome::kDone)));
  const std::string before = bench.state();
  REQUIRE(bench.job(Printing::ending(order.start, PrintOutcome::kFailed)));
  REQUIRE(bench.job(Printing::ending(bench.first, PrintOutcome::kFailed)));
  CHECK(bench.state() == before);
  bench.refused(ErrorCode::kNotFound, "no_such_group",
                Printing::ending(order.start, PrintOutcome::kDone, "", 9));
}

TEST_CASE("label: one that perhaps came out is looked for before it is printed again",
          "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  const LabelOrder order = bench.start(bench.first);
  bench.refused(ErrorCode::kRejected, "label_printing", Printing::checking(bench.first, true));
  REQUIRE(bench.job(Printing::ending(order.start, PrintOutcome::kUnknown, "cable pulled")));
  bench.refused(ErrorCode::kRejected, "label_unknown", Printing::starting(bench.first));
  REQUIRE(bench.job(Printing::checking(bench.first, false)));
  CHECK(bench.package(bench.first).label == LabelStatus::kFailed);
  const LabelOrder again = bench.start(bench.first);
  REQUIRE(bench.job(Printing::ending(again.start, PrintOutcome::kUnknown)));
  REQUIRE(bench.job(Printing::checking(bench.first, true)));
  CHECK(bench.package(bench.first).label == LabelStatus::kPrinted);
  bench.refused(ErrorCode::kRejected, "not_labelled", Printing::checking(bench.second, true));
}

TEST_CASE("label: of a package that does not exist there is none", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  const EventRef none{node(9), Incarnation(1), 1};
  bench.refused(ErrorCode::kNotFound, "no_such_package", Printing::starting(none));
  bench.refused(ErrorCode::kNotFound, "no_such_package", Printing::checking(none, true));
  bench.refused(ErrorCode::kNotFound, "no_such_group", Printing::starting(bench.first, 9));
  bench.labelled(1, bench.first, 50);
  bench.labelled(1, bench.second, 51);
  bench.perform(1, domain::ShipGroupOut{});
  bench.refused(ErrorCode::kRejected, "already_shipped", Printing::starting(bench.second));
}

// ---- after a crash ----

TEST_CASE("label: after a crash nobody knows whether one came out", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  REQUIRE(bench.job(Printing::ending(bench.start(bench.first).start, PrintOutcome::kDone)));
  const LabelOrder lost = bench.start(bench.second);
  CHECK(bench.give_up().unknown == 1);
  CHECK(bench.package(bench.first).label == LabelStatus::kPrinted);
  CHECK(bench.package(bench.second).label == LabelStatus::kUnknown);
  CHECK_FALSE(bench.package(bench.second).print_detail.empty());
  CHECK(bench.give_up().unknown == 0);
  // The printer's late answer does not count any more.
  REQUIRE(bench.job(Printing::ending(lost.start, PrintOutcome::kDone)));
  CHECK(bench.package(bench.second).label == LabelStatus::kUnknown);
}

TEST_CASE("label: one that only waited has failed after a crash, and is printed again at once",
          "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  bench.start(bench.first);
  const LabelOrder waits = bench.start_waiting(bench.second);
  CHECK(waits.noted);
  const GivenUp given_up = bench.give_up();
  CHECK(given_up.unknown == 1);
  CHECK(given_up.failed == 1);
  CHECK(bench.package(bench.first).label == LabelStatus::kUnknown);
  CHECK(bench.package(bench.second).label == LabelStatus::kFailed);
  CHECK(bench.package(bench.second).print_detail ==
        "the service stopped while it waited; nothing was printed");
  const LabelOrder again = bench.start(bench.second);
  CHECK(again.sscc == waits.sscc);
  // That one did not wait.
  CHECK(bench.give_up().unknown == 1);
  CHECK(bench.package(bench.second).label == LabelStatus::kUnknown);
}

TEST_CASE("label: one whose turn had come, or that was noted too late, may be out after a crash",
          "[agent][labels]") {
  const bool late = GENERATE(false, true);
  CAPTURE(late);
  Printing bench;
  bench.grant(1, 9);
  const LabelOrder order = late ? bench.start(bench.first) : bench.start_waiting(bench.first);
  const auto note = [&order](UnitOfWork& work) -> Result<bool> {
    note_waiting(work, {order.start});
    return true;
  };
  const auto begin = [&order](UnitOfWork& work) -> Result<bool> {
    end_waiting(work, order.start);
    return true;
  };
  if (late) REQUIRE(bench.job(note));
  REQUIRE(bench.job(begin));
  REQUIRE(bench.job(begin));
  CHECK(bench.give_up().unknown == 1);
}

TEST_CASE("label: a database that was put back does not know what was sent since",
          "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  bench.start_waiting(bench.first);
  REQUIRE(bench.job([&bench](UnitOfWork&) -> Result<bool> {
    bench.replica().renew(Incarnation(2), storage::Beginning::kRestored);
    return true;
  }));
  const GivenUp given_up = bench.give_up();
  CHECK(given_up.unknown == 1);
  CHECK(given_up.failed == 0);
}

TEST_CASE("label: nothing is left of one that ended while it waited", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  const LabelOrder taken_out = bench.start_waiting(bench.first);
  REQUIRE(bench.job(Printing::ending(taken_out.start, PrintOutcome::kFailed, "taken out")));
  const LabelOrder moved = bench.start_waiting(bench.second);
  const auto elsewhere = bench.job(
      [&moved](UnitOfWork& work) { return move_label(work, moved, "other", false, kBench1); });
  REQUIRE(elsewhere);
  CHECK_FALSE(elsewhere->noted);
  CHECK(bench.rows("SELECT count(*) FROM waiting_label", 1) == "0\n");
}

TEST_CASE("label: what another device prints is its own business", "[agent][labels]") {
  Printing bench;
  bench.labelled(1, bench.first, 50);
  bench.perform(1, domain::AssignLabel{bench.second, Device::sscc(51), "CN51"});
  bench.tell();
  bench.elsewhere(1, domain::LabelPrintStarted{bench.second, "zebra"});
  REQUIRE(bench.package(bench.second).label == LabelStatus::kPrinting);
  CHECK(bench.give_up().unknown == 0);
  CHECK(bench.package(bench.second).label == LabelStatus::kPrinting);
}

TEST_CASE("label: one for units that are cancelled meanwhile ends, too", "[agent][labels]") {
  Printing bench;
  bench.grant(1, 9);
  bench.start(bench.first);
  bench.allocate(2, {{1, "A1", 1}, {2, "A2", 1}});
  bench.picked(2, 1, 1, kBench2);
  const EventRef package = bench.packed(2, 1, 1);
  const LabelOrder order = bench.start(package, 2);
  bench.cancel(2, 1, 1);
  bench.perform(2, domain::ReleaseTask{kBench2.station, false}, kBench2);
  REQUIRE(bench.status(2) == "ALLOCATED");
  // It keeps no other label from being given up.
  CHECK(bench.give_up().unknown == 2);
  CHECK(bench.package(bench.first).label == LabelStatus::kUnknown);
  CHECK(bench.package(package, 2).label == LabelStatus::kUnknown);
  CHECK(bench.package(package, 2).print == order.start);
}

}  // namespace
}  // namespace cairn::agent::labels_test
