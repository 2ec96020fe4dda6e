#include "edge-agent/workflows/labels.h"

#include "core/domain/label/label_numbers.h"
#include "core/storage/reissued.h"
#include "core/storage/waiting_labels.h"

#include <optional>

namespace cairn::agent {
namespace {

struct Numbers {
  std::string sscc;
  std::string tracking;
};

/// The next serial of this incarnation's blocks; nothing if all are used.
std::optional<Numbers> next_numbers(storage::UnitOfWork& work) {
  const storage::Identity& identity = work.replica().identity();
  const auto serials = storage::label_serials(work.connection(), identity.node, identity.inc);
  std::uint64_t skip = serials.used;
  for (const domain::LabelBlockGranted& granted : serials.blocks) {
    if (skip < granted.block.count) {
      const std::uint64_t serial = granted.block.first + skip;
      return Numbers{domain::sscc(granted.prefix, serial), domain::tracking_number(serial)};
    }
    skip -= granted.block.count;
  }
  return std::nullopt;
}

/// A job outlives a repair of the log, which gives its records other numbers.
EventRef present_number(storage::UnitOfWork& work, const EventRef& record) {
  return storage::present_number(work.connection(), work.replica().identity(), record);
}

Result<> assign_numbers(storage::UnitOfWork& work, ShipGroupId group, const EventRef& package,
                        const Operator& by) {
  const domain::Package* const found = work.replica().ship_group(group).find_package(package);
  if (found != nullptr && !found->sscc.empty()) return {};
  const auto numbers = next_numbers(work);
  if (!numbers) {
    return fail(ErrorCode::kUnavailable, "no_label_numbers",
                "this device has no label numbers left; they come from the hub once it is "
                "connected, nothing was printed");
  }
  const auto assigned =
      work.perform(group, domain::AssignLabel{package, numbers->sscc, numbers->tracking}, by.user);
  if (!assigned) return fail(assigned.error());
  return {};
}

}  // namespace

Result<LabelOrder> start_label(storage::UnitOfWork& work, ShipGroupId group,
                               const EventRef& package, const std::string& printer, bool waits,
                               const Operator& by) {
  if (auto ok = assign_numbers(work, group, package, by); !ok) return fail(ok.error());
  const auto started = work.perform(group, domain::StartLabelPrint{package, printer}, by.user);
  if (!started) return fail(started.error());
  if (waits) storage::note_waiting_label(work.connection(), started->front());
  const domain::ShipGroup& view = work.replica().ship_group(group);
  const domain::Package& labelled = *view.find_package(package);
  const auto facility = storage::find_facility(work.connection(), view.site);
  return LabelOrder{started->front(),
                    group,
                    package,
                    facility ? facility->name : view.site.text(),
                    view.order_reference,
                    labelled.weight_mg,
                    labelled.sscc,
                    labelled.tracking,
                    waits};
}

Result<LabelOrder> move_label(storage::UnitOfWork& work, const LabelOrder& order,
                              const std::string& printer, bool waits, const Operator& by) {
  const domain::EndLabelPrint ended{order.start, domain::PrintOutcome::kFailed,
                                    "it was moved to " + printer + "; nothing was printed"};
  if (auto ok = end_label(work, order.group, ended); !ok) return fail(ok.error());
  return start_label(work, order.group, present_number(work, order.package), printer, waits, by);
}

void note_waiting(storage::UnitOfWork& work, const std::vector<EventRef>& starts) {
  for (const EventRef& start : starts) storage::note_waiting_label(work.connection(), start);
}

void end_waiting(storage::UnitOfWork& work, const EventRef& start) {
  storage::forget_waiting_label(work.connection(), start);
}

Result<> end_label(storage::UnitOfWork& work, ShipGroupId group,
                   const domain::EndLabelPrint& ended) {
  domain::EndLabelPrint present = ended;
  present.start = present_number(work, ended.start);
  const auto done = work.perform(group, present, UserId{});
  if (!done) return fail(done.error());
  storage::forget_waiting_label(work.connection(), ended.start);
  return {};
}

Result<> check_label(storage::UnitOfWork& work, ShipGroupId group, const domain::CheckLabel& check,
                     const Operator& by) {
  const auto done = work.perform(group, check, by.user);
  if (!done) return fail(done.error());
  return {};
}

Result<GivenUp> give_up_unfinished_labels(storage::UnitOfWork& work) {
  GivenUp given_up;
  const storage::Identity& self = work.replica().identity();
  for (const ShipGroupId group : storage::groups_printing(work.connection())) {
    const domain::ShipGroup view = work.replica().ship_group(group);
    for (const domain::Package& package : view.packages) {
      const bool own = package.print.node == self.node;
      if (package.label != domain::LabelStatus::kPrinting || !own) continue;
      const bool waited = storage::is_waiting_label(work.connection(), self, package.print);
      const domain::EndLabelPrint lost =
          waited ? domain::EndLabelPrint{package.print, domain::PrintOutcome::kFailed,
                                         "the service stopped while it waited; nothing was printed"}
                 : domain::EndLabelPrint{package.print, domain::PrintOutcome::kUnknown,
                                         "the service stopped while the label was on its way"};
      if (auto ok = end_label(work, group, lost); !ok) return fail(ok.error());
      ++(waited ? given_up.failed : given_up.unknown);
    }
  }
  storage::forget_waiting_labels(work.connection());
  return given_up;
}

}  // namespace cairn::agent
