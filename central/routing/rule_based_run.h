#pragma once
// A routing run by a rule set: its active routings one after the other, each with the orders it
// selects, in its order. A commit has 25 orders, so that others get their turn; every order is
// looked at anew in the transaction that reserves. Loop only.

#include "central/routing/routing_run.h"
#include "central/routing/rule_decision.h"
#include "core/storage/writer.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace cairn::central {

class RuleBasedRun : public std::enable_shared_from_this<RuleBasedRun> {
 public:
  using Done = std::function<void(const Result<RoutingOutcome>&)>;

  /// What it works with outlives the run; `rules` of the moment it begins hold to its end.
  struct Settings {
    NamedRules rules;
    domain::PartialOrders partial = domain::PartialOrders::kWait;  ///< of pickups
    UserId actor;
  };
  RuleBasedRun(storage::Writer& writer, IdSource& ids, const SiteAges& ages, Settings settings,
               Done done);

  /// Once, of a run that a shared_ptr holds.
  void start();

 private:
  using Orders = std::vector<OrderId>;
  /// An order that was looked at, and what became of it.
  struct Looked {
    OrderId order;
    RuleDecision decision;
  };
  using Part = std::vector<Looked>;

  void select();
  void next_part();
  [[nodiscard]] Result<Orders> selected(storage::UnitOfWork& work) const;
  Result<Part> route_part(storage::UnitOfWork& work);
  Result<std::optional<RuleDecision>> route_one(storage::UnitOfWork& work, OrderId order);
  void add(const Part& part);
  [[nodiscard]] RoutingOutcome outcome() const;

  storage::Writer* writer_;
  IdSource* ids_;
  const SiteAges* ages_;
  Settings settings_;
  Done done_;
  std::vector<domain::OrderRouting> routings_;
  std::size_t step_ = 0;  ///< 0: pickups; else the routing before it
  Orders orders_;         ///< of this step
  std::size_t next_ = 0;  ///< of these
  std::map<OrderId, RuleDecision> looked_;
};

}  // namespace cairn::central
