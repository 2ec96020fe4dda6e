#include "tests/core/storage/support/site_life.h"

#include "core/domain/fulfilment/package_plan.h"
#include "tests/core/storage/support/group_hub.h"

#include <vector>

namespace cairn::storage::test {

using domain::ReturnEvent;
using domain::ShipGroupEvent;

void SiteLife::allocate(Store& hub) {
  if (all_allocated()) return;
  ++allocated_;
  auto group = allocated(group_id(allocated_), order_id(allocated_),
                         {{1, "A1", random_->between(1, 3)}, {2, "A2", random_->between(1, 2)}});
  if (allocated_ == 2) group.method = domain::FulfilmentMethod::kPickup;
  hub.append(ShipGroupEvent(group), domain::ship_group_key(group_id(allocated_)), site("store"));
}

EventRef SiteLife::any_ref() { return {node(any(1, 2)), Incarnation(1), any(1, 15)}; }

// ---- head office ----

void SiteLife::act_at_hub(Store& hub) {
  const auto group = any(1, static_cast<std::int64_t>(kGroups));
  const auto write = [&hub, group](const ShipGroupEvent& event) {
    hub.append(event, domain::ship_group_key(group_id(group)), site("store"));
  };
  const auto ledger = domain::return_ledger_key(group_id(group), site("store"));
  switch (random_->between(0, 7)) {
    case 0:
    case 1:
      return write(domain::PickupCodeMinted{Bytes(16, 's'), Bytes(16, 'h')});
    case 2:
    case 3:
      return write(domain::GroupUnitsCancelled{any_line(), pieces(random_->between(1, 2)),
                                               domain::CancelReason::kHeadOffice, "c"});
    case 4:
      return write(domain::UnitsReturned{any_line(), pieces(1), any_ref()});
    case 5:
      hub.append(ReturnEvent(domain::RefundContested{any_ref(), any_line(), pieces(1)}), ledger,
                 site("store"));
      return;
    default:
      hub.append(any_stock_event(), {}, site("store"));
  }
}

// ---- devices ----

void SiteLife::act(Store& device) {
  if (random_->one_in(6)) {
    write_fact(device);
  } else {
    command(device);
  }
}

/// Something that a person at the device is allowed to do, by what the device knows.
void SiteLife::command(Store& device) {
  for (int attempt = 0; attempt < 4; ++attempt) {
    const bool done = random_->one_in(8) ? take_return(device) : try_command(device);
    if (done) {
      ++tally.records;
      return;
    }
    ++tally.refused;
  }
}

bool SiteLife::try_command(Store& device) {
  const ShipGroupId group = group_id(any(1, static_cast<std::int64_t>(kGroups)));
  const auto done = device.job([this, group](UnitOfWork& work) {
    return work.perform(group, any_command(work.replica().ship_group(group)), user(4));
  });
  return done.has_value();
}

/// What comes next in the life of a group, as a person would go on.
domain::ShipGroupCommand SiteLife::next_command(const domain::ShipGroup& group) {
  using Status = domain::ShipGroupStatus;
  switch (group.status()) {
    case Status::kPicking:
      for (const auto& line : group.lines) {
        if (!group.claim || line.in.open_milli == 0) continue;
        return domain::ConfirmPick{group.claim->station, line.line.line, line.in.open_milli,
                                   bin("B-1")};
      }
      return domain::ClaimTask{"bench-1"};
    case Status::kPicked:
      return domain::ClosePackage{domain::next_package(group), 1'000'000, {}};
    case Status::kPacked:
      return next_label(group);
    case Status::kReady:
      return domain::GiveToCustomer{domain::Approval{user(8), "known"}};
    case Status::kHandedOver:
      return domain::UndoHandOver{};
    default:
      return domain::ClaimTask{"bench-1"};
  }
}

domain::ShipGroupCommand SiteLife::next_label(const domain::ShipGroup& group) {
  for (const domain::Package& package : group.packages) {
    switch (package.label) {
      case domain::LabelStatus::kNone:
        return domain::AssignLabel{package.ref, sscc_of(++serials_),
                                   domain::tracking_number(serials_)};
      case domain::LabelStatus::kPrinted:
        continue;
      case domain::LabelStatus::kPrinting:
        return domain::EndLabelPrint{package.print, domain::PrintOutcome::kDone, ""};
      case domain::LabelStatus::kUnknown:
        return domain::CheckLabel{package.ref, true};
      default:
        return domain::StartLabelPrint{package.ref, "printer"};
    }
  }
  return domain::ShipGroupOut{};
}

domain::ShipGroupCommand SiteLife::any_command(const domain::ShipGroup& group) {
  const std::string station = random_->one_in(4) ? "bench-2" : "bench-1";
  const auto dice = random_->between(0, 99);
  if (dice < 50) return next_command(group);
  if (dice < 65) return picking(group, station);
  if (dice < 75) return packing(group);
  if (dice < 90 || group.put_backs.empty()) return at_counter();
  const auto most = static_cast<std::int64_t>(group.put_backs.size()) - 1;
  const domain::PutBack& back =
      group.put_backs[static_cast<std::size_t>(random_->between(0, most))];
  return domain::ConfirmPutBack{back.cause, back.line, pieces(1), bin("B-1")};
}

domain::ShipGroupCommand SiteLife::picking(const domain::ShipGroup& group,
                                           const std::string& station) {
  const auto place = bin(random_->one_in(2) ? "B-1" : "B-2");
  switch (random_->between(0, 9)) {
    case 0:
      return domain::ReleaseTask{station, random_->one_in(2)};
    case 1:
    case 2:
      return domain::ClaimTask{station};
    case 3:
      if (!group.picks.empty() && random_->one_in(2)) {
        return domain::UndoPick{station, group.picks.back().ref};
      }
      return domain::ReportShort{station, any_line(), pieces(1),
                                 static_cast<domain::ShortReason>(random_->between(1, 9)), place};
    default:
      return domain::ConfirmPick{station, any_line(), pieces(random_->between(1, 2)), place};
  }
}

domain::ShipGroupCommand SiteLife::packing(const domain::ShipGroup& group) {
  if (group.packages.empty() || random_->one_in(3)) {
    return domain::ClosePackage{domain::next_package(group), 1'000'000, {}};
  }
  const auto most = static_cast<std::int64_t>(group.packages.size()) - 1;
  const auto& package = group.packages[static_cast<std::size_t>(random_->between(0, most))];
  switch (random_->between(0, 5)) {
    case 0:
      return domain::AssignLabel{package.ref, sscc_of(++serials_),
                                 domain::tracking_number(serials_)};
    case 1:
      return domain::StartLabelPrint{package.ref, "printer"};
    case 2:
    case 3:
      return domain::EndLabelPrint{package.print,
                                   static_cast<domain::PrintOutcome>(random_->between(1, 3)), "x"};
    case 4:
      return domain::CheckLabel{package.ref, !random_->one_in(3)};
    default:
      return domain::ShipGroupOut{};
  }
}

domain::ShipGroupCommand SiteLife::at_counter() {
  switch (random_->between(0, 3)) {
    case 0:
      return domain::RefusePickupCode{};
    case 1:
      return domain::GiveToCustomer{domain::Approval{user(8), "known"}};
    case 2:
      return domain::UndoHandOver{};
    default:
      return domain::GiveToCustomer{};
  }
}

bool SiteLife::take_return(Store& device) {
  const ShipGroupId group = group_id(any(1, static_cast<std::int64_t>(kGroups)));
  const auto done = device.job([this, group](UnitOfWork& work) {
    domain::TakeReturn command;
    command.id = ReturnId(uuid(any(1000, 1'000'000)));
    command.group = group;
    for (const auto& line : work.replica().ship_group(group).lines) {
      command.sold.push_back(domain::sold_line(line));
    }
    command.units = {{any_line(), pieces(1),
                      static_cast<domain::ReturnCondition>(random_->between(1, 3)), bin("B-1")}};
    command.limit = pounds(1'000'000);
    return work.take_return(command, site("store"), user(4));
  });
  return done.has_value();
}

// ---- facts ----

/// A fact that no decision stood in front of, as an older or newer program may write it.
void SiteLife::write_fact(Store& device) {
  ++tally.records;
  const auto group = any(1, static_cast<std::int64_t>(kGroups));
  switch (random_->between(0, 9)) {
    case 0:
      device.append(any_stock_event(), {}, site("store"));
      return;
    case 1: {
      domain::ReturnTaken taken = any_return();
      taken.group = group_id(group);
      device.append(ReturnEvent(taken), domain::return_ledger_key(group_id(group), site("store")),
                    site("store"));
      return;
    }
    default:
      device.append(any_fact(), domain::ship_group_key(group_id(group)), site("store"));
  }
}

/// Lines 1 and 2 exist, line 3 does not.
ShipGroupEvent SiteLife::any_fact() {
  const auto line = LineNo(static_cast<std::uint32_t>(random_->between(1, 3)));
  const std::int64_t milli = pieces(random_->between(1, 3));
  const std::vector<domain::LineUnits> lines{{line, milli}};
  const std::vector<ShipGroupEvent> events{
      domain::TaskClaimed{"bench-9"},
      domain::TaskReleased{any_ref()},
      domain::LinePicked{line, milli, bin("B-3")},
      domain::LinePicked{line, milli, bin("B-4")},
      domain::LineShorted{line, milli, domain::ShortReason::kStoreBusy, {}},
      domain::PackageClosed{lines, 1, 1, domain::WeightCheck::kNotChecked, {}, ""},
      domain::LabelAssigned{any_ref(), sscc_of(++serials_), domain::tracking_number(serials_)},
      domain::LabelPrintStarted{any_ref(), "printer"},
      domain::LabelPrintEnded{any_ref(), domain::PrintOutcome::kDone, ""},
      domain::LabelChecked{any_ref(), true},
      domain::ShipGroupShipped{lines},
      domain::PickupCodeRefused{},
      domain::HandedOver{lines, domain::HandOverProof::kCode, {}, ""},
      domain::HandOverUndone{any_ref()},
      domain::PutBackDone{any_ref(), line, milli, bin("B-3")},
      domain::UnitsReturned{line, milli, any_ref()},
      domain::PickUndone{any_ref(), line, milli},
  };
  return events.at(any(0, static_cast<std::int64_t>(events.size()) - 1));
}

domain::ReturnTaken SiteLife::any_return() {
  return came_back(any(1000, 1'000'000), 1, random_->between(1, 2), random_->between(1, 3),
                   domain::ReturnCondition::kRestock,
                   static_cast<std::uint32_t>(random_->between(1, 3)));
}

/// Recounts only: what an imported count leaves behind is not the same everywhere yet (see
/// projections/stock_on_hand_test.cpp).
domain::StockEvent SiteLife::any_stock_event() {
  const char* const article = random_->one_in(2) ? "A1" : "A2";
  const char* const place = random_->one_in(2) ? "B-1" : "B-2";
  if (random_->one_in(2)) return counted(article, place, pieces(random_->between(0, 50)));
  return moved(article, "", place, pieces(random_->between(1, 9)));
}

}  // namespace cairn::storage::test
