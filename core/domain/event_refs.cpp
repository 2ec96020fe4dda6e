#include "core/domain/event_refs.h"

namespace cairn::domain {
namespace {

using Visit = std::function<void(EventRef&)>;

void visit_refs(TaskReleased& event, const Visit& visit) { visit(event.claim); }
void visit_refs(PickUndone& event, const Visit& visit) { visit(event.pick); }
void visit_refs(PutBackDone& event, const Visit& visit) { visit(event.cause); }
void visit_refs(LabelAssigned& event, const Visit& visit) { visit(event.package); }
void visit_refs(LabelPrintStarted& event, const Visit& visit) {
  visit(event.package);
  visit(event.after);
}
void visit_refs(LabelPrintEnded& event, const Visit& visit) { visit(event.start); }
void visit_refs(LabelChecked& event, const Visit& visit) {
  visit(event.package);
  visit(event.print);
}
void visit_refs(HandOverUndone& event, const Visit& visit) { visit(event.hand_over); }
void visit_refs(UnitsReturned& event, const Visit& visit) { visit(event.taken); }
void visit_refs(RefundContested& event, const Visit& visit) { visit(event.taken); }

/// Of the others none names a record. tests/core/domain/event_refs_test.cpp counts.
template <class Other>
void visit_refs(Other&, const Visit&) {}

}  // namespace

void each_ref(Event& event, const std::function<void(EventRef&)>& visit) {
  std::visit(
      [&visit](auto& family) {
        std::visit([&visit](auto& each) { visit_refs(each, visit); }, family);
      },
      event);
}

}  // namespace cairn::domain
