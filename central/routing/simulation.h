#pragma once
// What another rule set would have made of the orders of a time that is past: the facts of the
// decisions that were made then are asked again. Reads only; any connection.

#include "core/domain/routing/rule_comparison.h"
#include "core/storage/routing_decisions.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace cairn::central {

struct SimulatedSide {
  domain::ShipmentFigures figures;
  std::int64_t unfilled_milli = 0;  ///< of each order, what its last decision left
};

/// A decision that would have been another.
struct SimulatedDifference {
  storage::RoutingDecisionRow decision;  ///< without facts and traces
  std::vector<domain::RoutedGroup> before;
  std::vector<domain::RoutedGroup> after;
};

struct Simulation {
  std::int64_t orders = 0;
  std::int64_t decisions = 0;
  std::int64_t left_out = 0;  ///< of these: what they were made from is not kept, or not decidable
  bool cut = false;           ///< there were more decisions than one simulation takes
  SimulatedSide before;       ///< what was done, at the prices of the rules that are tried
  SimulatedSide after;        ///< what they would have done
  std::int64_t differing = 0;
  std::vector<SimulatedDifference> differences;  ///< the first of them
};

inline constexpr std::size_t kMostSimulated = 20'000;
inline constexpr std::size_t kMostDifferences = 100;

/// Asks past decisions some at a time, so that nobody's snapshot is held while rules are tried.
/// Each is asked as it was made: what the tried rules would have taken elsewhere is not missing in
/// the next one.
class Simulator {
 public:
  using Rows = std::vector<storage::RoutingDecisionRow>;

  /// `decisions`: of the span, one more than kMostSimulated if there are more.
  Simulator(const domain::RuleSet& rules, std::vector<storage::DecisionOfOrder> decisions);

  [[nodiscard]] bool more() const { return next_ < decisions_.size(); }
  /// The next ones, at most so many. Errors as in sqlite/connection.h.
  Rows read(storage::Connection& connection, std::size_t most);
  /// Tries the rules on what was read.
  void take(Rows rows);
  /// What was seen so far; `cut` where it was not all.
  [[nodiscard]] Simulation result() const;

 private:
  const domain::RuleSet* rules_;
  std::vector<storage::DecisionOfOrder> decisions_;
  std::map<OrderId, std::int64_t> last_;  ///< of each order in the span
  std::size_t next_ = 0;
  Simulation sum_;
};

/// All of it at once. Errors as in sqlite/connection.h.
Simulation simulate(storage::Connection& connection, const domain::RuleSet& rules,
                    const storage::DecisionSpan& span);

}  // namespace cairn::central
