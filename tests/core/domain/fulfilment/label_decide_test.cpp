// Labels: numbers are given once, and no label is printed twice.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

namespace cairn::domain::label_decide_test {
namespace {

using namespace test;

/// A group whose only package is closed.
struct Packed {
  Story story =
      Story().allocated({pieces(1, 1)}).picked(kNodeA, 1, 1000).packed(kNodeA, {units(1, 1000)});
  EventRef package = story.last();

  Packed& labelled() {
    story.labelled(kNodeA, package, 1);
    return *this;
  }
  Packed& printing() {
    start = story.printing(kNodeA, package).last();
    return *this;
  }
  Packed& ended(PrintOutcome outcome) {
    story.printed(kNodeA, start, outcome);
    return *this;
  }
  EventRef start;
};

StartLabelPrint print(const Packed& packed) { return {packed.package, "printer-1"}; }

TEST_CASE("label: a package gets its numbers once", "[domain][label]") {
  Packed packed;
  const AssignLabel assign{packed.package, sscc_of(1), tracking_number(1)};
  given(packed.story)
      .when(assign)
      .then({LabelAssigned{packed.package, sscc_of(1), tracking_number(1)}});
  packed.labelled();
  given(packed.story).when(assign).then_refused(ErrorCode::kRejected, "label_assigned");
  const AssignLabel other{packed.package, sscc_of(2), tracking_number(2)};
  given(packed.story).when(other).then_refused(ErrorCode::kRejected, "label_assigned");
}

TEST_CASE("label: a package that the group does not have has none", "[domain][label]") {
  const Packed packed;
  const EventRef other{kNodeB, Incarnation(1), 7};
  given(packed.story)
      .when(AssignLabel{other, sscc_of(1), tracking_number(1)})
      .then_refused(ErrorCode::kNotFound, "no_such_package");
  given(packed.story)
      .when(StartLabelPrint{other, "printer-1"})
      .then_refused(ErrorCode::kNotFound, "no_such_package");
  given(packed.story)
      .when(CheckLabel{other, true})
      .then_refused(ErrorCode::kNotFound, "no_such_package");
}

TEST_CASE("label: it is printed when it has its numbers, and only once", "[domain][label]") {
  Packed packed;
  given(packed.story).when(print(packed)).then_refused(ErrorCode::kRejected, "not_labelled");
  packed.labelled();
  given(packed.story).when(print(packed)).then({LabelPrintStarted{packed.package, "printer-1"}});
  packed.printing();
  given(packed.story).when(print(packed)).then_refused(ErrorCode::kRejected, "label_printing");
  // Another device knows as well.
  given(packed.story)
      .when(print(packed), kNodeB)
      .then_refused(ErrorCode::kRejected, "label_printing");
  packed.ended(PrintOutcome::kDone);
  given(packed.story).when(print(packed)).then_refused(ErrorCode::kRejected, "label_printed");
}

TEST_CASE("label: one that surely failed is printed again, with the same numbers",
          "[domain][label]") {
  Packed packed;
  packed.labelled().printing().ended(PrintOutcome::kFailed);
  given(packed.story)
      .when(print(packed))
      .then({LabelPrintStarted{packed.package, "printer-1", packed.start}});
  given(packed.story)
      .when(AssignLabel{packed.package, sscc_of(2), tracking_number(2)})
      .then_refused(ErrorCode::kRejected, "label_assigned");
}

TEST_CASE("label: whether one came out that nobody knows of, a person has to say",
          "[domain][label]") {
  Packed packed;
  packed.labelled().printing().ended(PrintOutcome::kUnknown);
  given(packed.story).when(print(packed)).then_refused(ErrorCode::kRejected, "label_unknown");
  const CheckLabel yes{packed.package, true};
  const CheckLabel no{packed.package, false};
  given(packed.story).when(yes).then({LabelChecked{packed.package, true, packed.start}});
  given(packed.story).when(no).then({LabelChecked{packed.package, false, packed.start}});

  Packed came_out = packed;
  came_out.story.checked(kNodeA, packed.package, true);
  given(came_out.story).when(print(packed)).then_refused(ErrorCode::kRejected, "label_printed");
  given(came_out.story).when(yes).then_nothing();

  Packed lost = packed;
  lost.story.checked(kNodeA, packed.package, false);
  given(lost.story)
      .when(print(packed))
      .then({LabelPrintStarted{packed.package, "printer-1", packed.start}});
}

TEST_CASE("label: a printed one can be found missing, then it is printed again",
          "[domain][label]") {
  Packed packed;
  packed.labelled().printing().ended(PrintOutcome::kDone);
  given(packed.story)
      .when(CheckLabel{packed.package, false})
      .then({LabelChecked{packed.package, false, packed.start}});
  packed.story.checked(kNodeA, packed.package, false);
  given(packed.story)
      .when(print(packed))
      .then({LabelPrintStarted{packed.package, "printer-1", packed.start}});
}

TEST_CASE("label: there is nothing to look at before it is printed", "[domain][label]") {
  Packed packed;
  const CheckLabel look{packed.package, true};
  given(packed.story).when(look).then_refused(ErrorCode::kRejected, "not_labelled");
  packed.labelled().printing();
  given(packed.story).when(look).then_refused(ErrorCode::kRejected, "label_printing");
}

TEST_CASE("label: a print ends once, and an end that comes late is nothing", "[domain][label]") {
  Packed packed;
  packed.labelled().printing();
  const EventRef first = packed.start;
  const EndLabelPrint failed{first, PrintOutcome::kFailed, "no paper"};
  given(packed.story)
      .when(failed)
      .then({LabelPrintEnded{first, PrintOutcome::kFailed, "no paper"}});
  packed.ended(PrintOutcome::kFailed);
  given(packed.story).when(failed).then_nothing();
  packed.printing();
  given(packed.story).when(EndLabelPrint{first, PrintOutcome::kDone, ""}).then_nothing();
  given(packed.story)
      .when(EndLabelPrint{packed.start, PrintOutcome::kDone, ""})
      .then({LabelPrintEnded{packed.start, PrintOutcome::kDone, ""}});
}

}  // namespace
}  // namespace cairn::domain::label_decide_test
