// What people at a site do: each command is chosen in the job itself, from what the device shows.

#include "edge-agent/workflows/hand_over.h"
#include "edge-agent/workflows/labels.h"
#include "edge-agent/workflows/pack.h"
#include "edge-agent/workflows/put_back.h"
#include "edge-agent/workflows/returns.h"
#include "tests/sim/workload.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::sim {
namespace {

using storage::UnitOfWork;

template <class T>
Result<bool> as_done(const Result<T>& done) {
  if (!done) return fail(done.error());
  return true;
}

UserId person(std::uint8_t number) {
  std::array<std::uint8_t, Uuid::kSize> octets{};
  octets.back() = number;
  return UserId(*Uuid::from_bytes({reinterpret_cast<const char*>(octets.data()), octets.size()}));
}

domain::Approval approval() { return {person(9), "looked at it"}; }

std::vector<ShipGroupId> groups(UnitOfWork& work, const SiteId& site,
                                std::vector<std::string> statuses, const char* method = nullptr) {
  storage::ShipGroupFilter filter;
  filter.site = site;
  filter.statuses = std::move(statuses);
  if (method != nullptr) filter.method = method;
  std::vector<ShipGroupId> found;
  for (const auto& row : storage::ship_groups(work.connection(), filter)) found.push_back(row.id);
  return found;
}

/// One of the first: two devices of a store often reach for the same.
ShipGroupId one_of(const std::vector<ShipGroupId>& groups, std::uint64_t choice) {
  return groups[choice % std::min<std::size_t>(groups.size(), 2)];
}

/// A package with its label in one of these states.
std::optional<std::pair<ShipGroupId, EventRef>> package_with(
    UnitOfWork& work, const SiteId& site, const std::vector<domain::LabelStatus>& labels,
    std::uint64_t choice) {
  std::vector<std::pair<ShipGroupId, EventRef>> found;
  for (const ShipGroupId id : groups(work, site, {"PICKED", "PACKED"})) {
    for (const domain::Package& package : work.replica().ship_group(id).packages) {
      if (std::ranges::find(labels, package.label) != labels.end()) {
        found.emplace_back(id, package.ref);
      }
    }
  }
  if (found.empty()) return std::nullopt;
  return found[choice % std::min<std::size_t>(found.size(), 3)];
}

}  // namespace

void Workload::at_agent(Endpoint& endpoint) {
  SimRandom& random = world_->random();
  const bool first = random.one_in(2);
  const agent::Operator by{person(first ? 1 : 2), first ? "bench-1" : "bench-2"};
  const bool busy =
      storage::station_task(endpoint.replica().connection(), endpoint.node, by.station).has_value();
  const auto dice = random.between(0, 99);
  if (!busy && dice < 45) return claim(endpoint, by);
  if (dice < 42) return scan(endpoint, by, random.one_in(10));
  if (dice < 45) return undo_pick(endpoint, by);
  if (dice < 48) return report_short(endpoint, by);
  if (dice < 49) return release(endpoint, by);
  if (dice < 57) return pack(endpoint, by);
  if (dice < 65) return print_label(endpoint, by);
  if (dice < 68) return check_label(endpoint, by);
  if (dice < 75) return ship(endpoint, by);
  if (dice < 83) return hand_over(endpoint, by);
  if (dice < 85) return undo_hand_over(endpoint, by);
  if (dice < 92) return put_back(endpoint, by);
  bring_back(endpoint, by);
}

void Workload::claim(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  act(endpoint, "claim", [&endpoint, by, choice](UnitOfWork& work) -> Result<bool> {
    const auto open = groups(work, endpoint.site, {"ALLOCATED", "PICKING"});
    if (open.empty()) return nothing();
    return as_done(endpoint.agent->pick().claim(work, one_of(open, choice), by));
  });
}

void Workload::release(Endpoint& endpoint, const agent::Operator& by) {
  act(endpoint, "release", [&endpoint, by](UnitOfWork& work) -> Result<bool> {
    const auto task = storage::station_task(work.connection(), endpoint.node, by.station);
    if (!task) return nothing();
    return as_done(endpoint.agent->pick().release(work, *task, by, false));
  });
}

void Workload::scan(Endpoint& endpoint, const agent::Operator& by, bool wrong) {
  const std::uint64_t choice = world_->random().next();
  act(endpoint, "scan", [&endpoint, by, wrong, choice](UnitOfWork& work) -> Result<bool> {
    agent::Pick& pick = endpoint.agent->pick();
    Barcode barcode{"", "0000000000000"};
    const auto task = storage::station_task(work.connection(), endpoint.node, by.station);
    if (task && !wrong) {
      const auto& lines = work.replica().ship_group(*task).lines;
      // Mostly what is still to be picked.
      std::vector<std::size_t> open;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].in.open_milli > 0 || choice % 8 == 0) open.push_back(i);
      }
      const std::size_t at = open.empty() ? 0 : open[choice / 8 % open.size()];
      barcode.data = lines[at].line.gtins.front().text();
    }
    const auto verdict = pick.scan(work, by, barcode);
    if (verdict && verdict->kind == agent::ScanVerdict::Kind::kPending) {
      const std::int64_t all = verdict->line_open_milli;
      const std::int64_t some = choice % 4 == 0 && all > kMilliPerUnit ? all - kMilliPerUnit : all;
      return as_done(pick.key_quantity(work, by, some));
    }
    return as_done(verdict);
  });
}

void Workload::undo_pick(Endpoint& endpoint, const agent::Operator& by) {
  act(endpoint, "pick undone",
      [&endpoint, by](UnitOfWork& work) { return as_done(endpoint.agent->pick().undo(work, by)); });
}

void Workload::report_short(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  const auto& reasons = domain::short_reasons();
  const domain::ShortReason reason = reasons[choice % reasons.size()];
  act(endpoint, "short " + std::string(name_of(reason)),
      [&endpoint, by, reason, choice](UnitOfWork& work) -> Result<bool> {
        const auto task = storage::station_task(work.connection(), endpoint.node, by.station);
        if (!task) return nothing();
        const domain::ShipGroup group = work.replica().ship_group(*task);
        for (const auto& line : group.lines) {
          if (line.in.open_milli == 0) continue;
          const std::int64_t milli = choice % 3 == 0 ? line.in.open_milli : kMilliPerUnit;
          return as_done(endpoint.agent->pick().report_short(work, *task,
                                                             {line.line.line, milli, reason}, by));
        }
        return nothing();
      });
}

void Workload::pack(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  const char* const what = choice % 5 == 0 ? "package, part of the tote" : "package";
  act(endpoint, what, [&endpoint, by, choice](UnitOfWork& work) -> Result<bool> {
    const auto open = groups(work, endpoint.site, {"PICKED", "PICKING"}, "SHIP");
    if (open.empty()) return nothing();
    const ShipGroupId group = one_of(open, choice / 64);
    const auto plan = agent::plan_package(work, group);
    if (!plan) return fail(plan.error());
    if (plan->lines.empty()) return nothing();
    domain::ClosePackage close;
    close.weight_mg = plan->weight.expected_mg;
    if (choice % 5 == 0) {
      close.lines = {{plan->lines.front().line, kMilliPerUnit}};
      close.weight_mg = kUnitWeightMg;
    }
    // The scale is a little off, or a unit is missing, or somebody lets that pass.
    close.weight_mg += choice % 4 == 1 ? -60'000 : static_cast<std::int64_t>(choice % 20'000);
    if (choice % 8 == 1) close.approval = approval();
    return as_done(agent::close_package(work, group, close, by));
  });
}

void Workload::print_label(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  using domain::LabelStatus;
  const auto started = std::make_shared<std::pair<agent::LabelOrder, EventRef>>();
  act(
      endpoint, "label to the printer",
      [&endpoint, by, choice, started](UnitOfWork& work) -> Result<bool> {
        // Sometimes one that must not be printed (again).
        std::vector<LabelStatus> labels = {LabelStatus::kNone, LabelStatus::kAssigned,
                                           LabelStatus::kFailed};
        if (choice % 16 == 0) labels = {LabelStatus::kPrinted, LabelStatus::kUnknown};
        const auto package = package_with(work, endpoint.site, labels, choice / 16);
        if (!package) return nothing();
        const auto order =
            agent::start_label(work, package->first, package->second, "printer", false, by);
        if (!order) return fail(order.error());
        *started = {*order, package->second};
        return true;
      },
      [this, &endpoint, started] { end_label(endpoint, started->first, started->second); });
}

/// The printer is done after a while, if the power lasts; what it says is true, if it knows.
void Workload::end_label(Endpoint& endpoint, const agent::LabelOrder& order,
                         const EventRef& package) {
  SimRandom& random = world_->random();
  const bool came_out = random.percent(75);
  if (came_out) {
    Print& print = printed_[package];
    ++print.times;
    print.nodes.insert(endpoint.node);
    print.group = order.group;
  }
  const auto outcome = random.one_in(6) ? domain::PrintOutcome::kUnknown
                       : came_out       ? domain::PrintOutcome::kDone
                                        : domain::PrintOutcome::kFailed;
  const int life = endpoint.lives;
  world_->timeline().at(
      world_->timeline().now() + Duration(random.between(5'000, 400'000)),
      [this, &endpoint, life, order, outcome] {
        if (endpoint.lives != life || !endpoint.running()) return;
        const char* const what = outcome == domain::PrintOutcome::kDone     ? "label printed"
                                 : outcome == domain::PrintOutcome::kFailed ? "label failed"
                                                                            : "label unknown";
        act(endpoint, what, [order, outcome](UnitOfWork& work) {
          return as_done(agent::end_label(work, order.group, {order.start, outcome, ""}));
        });
      });
}

void Workload::check_label(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  act(endpoint, "label looked at", [this, &endpoint, by, choice](UnitOfWork& work) -> Result<bool> {
    const auto package = package_with(work, endpoint.site, {domain::LabelStatus::kUnknown}, choice);
    if (!package) return nothing();
    const auto print = printed_.find(package->second);
    const bool came_out = print != printed_.end() && print->second.times > 0;
    return as_done(agent::check_label(work, package->first, {package->second, came_out}, by));
  });
}

void Workload::ship(Endpoint& endpoint, const agent::Operator& by) {
  const auto receipt = std::make_shared<std::string>();
  act(
      endpoint, "ship",
      [&endpoint, by, receipt](UnitOfWork& work) -> Result<bool> {
        Result<bool> done = nothing();
        for (const ShipGroupId group : groups(work, endpoint.site, {"PACKED"})) {
          *receipt = work.replica().ship_group(group).order_reference;
          done = as_done(agent::ship(work, group, by));
          if (done) break;
        }
        return done;
      },
      [this, receipt] { left_.push_back(*receipt); });
}

void Workload::hand_over(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  struct Handed {
    ShipGroupId group;
    bool right = false;
    std::string receipt;
  };
  const auto handed = std::make_shared<Handed>();
  act(
      endpoint, "at the counter",
      [this, &endpoint, by, choice, handed](UnitOfWork& work) -> Result<bool> {
        const auto ready = groups(work, endpoint.site, {"READY"});
        if (ready.empty()) return nothing();
        const ShipGroupId group = one_of(ready, choice / 64);
        const std::string receipt = work.replica().ship_group(group).order_reference;
        if (choice % 10 == 0) {
          *handed = {group, true, receipt};
          return as_done(agent::hand_over_approved(work, group, approval(), by));
        }
        const auto told = codes_.find(group);
        // Nobody's code: six digits that were never minted would need luck to be right.
        const bool forgetful = group.value().bytes().back() % 5 == 0 && choice % 5 != 2;
        const bool wrong = told == codes_.end() || choice % 8 == 1 || forgetful;
        const std::string code = wrong ? "000000" : told->second;
        const auto answer = agent::hand_over(work, group, code, by);
        if (!answer) return fail(answer.error());
        *handed = {group, answer->code_was_right, receipt};
        return true;
      },
      [this, &endpoint, handed] {
        ++done_[handed->right ? "handed over" : "wrong code"];
        if (!handed->right) return;
        handed_[endpoint.number] = handed->group;
        left_.push_back(handed->receipt);
      });
}

void Workload::undo_hand_over(Endpoint& endpoint, const agent::Operator& by) {
  const auto last = handed_.find(endpoint.number);
  if (last == handed_.end()) return;
  const ShipGroupId group = last->second;
  act(endpoint, "hand-over undone",
      [group, by](UnitOfWork& work) { return as_done(agent::undo_hand_over(work, group, by)); });
}

void Workload::put_back(Endpoint& endpoint, const agent::Operator& by) {
  const std::uint64_t choice = world_->random().next();
  const char* const what = choice % 3 == 0 ? "put back, keyed" : "put back, scanned";
  act(endpoint, what, [&endpoint, by, choice](UnitOfWork& work) -> Result<bool> {
    const auto open = storage::put_backs(work.connection(), endpoint.site);
    if (open.empty()) return nothing();
    const storage::PutBackRow& row = open[choice / 3 % open.size()];
    if (choice % 3 != 0) {
      const auto product = storage::find_product(work.connection(), row.sku);
      if (!product) return nothing();
      return as_done(agent::put_back_one(work, by, {"", product->gtins.front().text()}));
    }
    std::optional<LocationCode> to;
    if (choice % 2 == 0) to = *LocationCode::parse("B-NEW");
    return as_done(agent::put_back(
        work, {row.group, row.put_back.cause, row.put_back.line, row.put_back.left_milli(), to},
        by));
  });
}

/// A customer with a receipt, of this site or of another: what is not known here the hub is asked.
void Workload::bring_back(Endpoint& endpoint, const agent::Operator& by) {
  SimRandom& random = world_->random();
  if (left_.empty()) return;
  const std::string receipt = left_[random.next() % left_.size()];
  if (!random.one_in(3)) return take_return(endpoint, by, receipt);
  endpoint.sales->search(receipt, [this, &endpoint, by, receipt](const Result<bool>& found) {
    ++done_[found ? "sale found" : "sale not found: " + found.error().reason];
    if (found && endpoint.running()) take_return(endpoint, by, receipt);
  });
}

void Workload::take_return(Endpoint& endpoint, const agent::Operator& by,
                           const std::string& receipt) {
  SimRandom& random = world_->random();
  const std::uint64_t choice = random.next();
  const ReturnId id(IdSource(endpoint.clock, endpoint.random).next());
  act(endpoint, "return", [by, choice, receipt, id](UnitOfWork& work) -> Result<bool> {
    if (const auto begun = agent::begin_return(work, by, receipt); !begun) {
      return fail(begun.error());
    }
    const auto view = agent::current_return(work, by.station);
    if (!view) return fail(view.error());
    constexpr std::array kConditions = {domain::ReturnCondition::kRestock,
                                        domain::ReturnCondition::kQcHold,
                                        domain::ReturnCondition::kDamaged};
    std::uint64_t dice = choice;
    for (const agent::ReturnView::Line& line : view->lines) {
      dice /= 8;
      if (line.left_milli < kMilliPerUnit || dice % 4 == 0) continue;
      const auto condition = kConditions[dice % kConditions.size()];
      if (auto ok = agent::set_condition(work, by, condition); !ok) return fail(ok.error());
      if (dice % 4 == 1) {
        const storage::ReturnDraft::Unit all{line.sale.sold.line, condition, line.left_milli};
        if (auto ok = agent::set_units(work, by, all); !ok) return fail(ok.error());
        continue;
      }
      const Barcode barcode{"", line.sale.gtins.front().text()};
      if (auto one = agent::return_one(work, by, barcode); !one) return fail(one.error());
    }
    agent::TakeDraft take{"did not fit", UserId{}, kAloneUpToMinor};
    if (choice % 2 == 0) take.approved_by = approval().by;
    return as_done(agent::take_draft(work, by, take, id));
  });
}

}  // namespace cairn::sim
