#pragma once
// Routing rules as data: a run has routings, each picks orders from queues and offers them to its
// rules one after the other, until nothing is left of them or a rule moves the rest to a queue. The
// words are HotWax's. order_selection.h picks, candidates.h filters sites, rule_run.h runs. Pure.

#include "core/domain/routing/assignment.h"
#include "core/domain/routing/parking_queue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

/// A filter with its exclude twin. Empty: everything.
struct Choice {
  std::vector<std::string> any_of;
  std::vector<std::string> none_of;

  /// Whether one of `values` is wanted and none is left out.
  [[nodiscard]] bool takes(const std::vector<std::string>& values) const;
};

struct OrderFilters {
  Choice shipping_method;
  Choice priority;
  Choice sales_channel;
  Choice product_category;
  Choice origin_group;  ///< facility groups of the site where it was sold
  std::optional<std::int64_t> promise_days_most;
  std::optional<std::int64_t> promise_days_over;  ///< the twin: only orders with more than that
};

enum class OrderSort : std::uint8_t {
  kShipBy,
  kShipAfter,
  kOrderDate,
  kShippingMethod,  ///< fewest days of delivery first
  kPriority,        ///< lowest number first
};

enum class MeasurementSystem : std::uint8_t { kMetric, kImperial };

struct Proximity {
  std::int64_t distance = 0;  ///< in kilometres or miles, 0 to 20,000
  MeasurementSystem system = MeasurementSystem::kMetric;

  /// A mile is 1,609.344 m (international yard and pound agreement of 1959).
  [[nodiscard]] std::int64_t metres() const {
    return system == MeasurementSystem::kMetric ? distance * 1000 : distance * 1'609'344 / 1000;
  }
};

/// Its shipment threshold and "all items available anywhere" are in the rule's AssignmentRules.
struct InventoryFilters {
  Choice facility_group;
  std::optional<Proximity> proximity;
  std::int64_t brokering_safety_milli = 0;  ///< of each article, kept back; not the online safety
  bool ignore_order_limit = false;
  std::int64_t supply_weeks_milli = 0;  ///< articles with fewer weeks of supply are not taken there
  bool split_item_group = false;        ///< lines that go together may be parted
};

enum class SiteSort : std::uint8_t {
  kDistance,           ///< nearest first
  kInventoryBalance,   ///< most of what is needed, after the safety stock, first
  kSequence,           ///< the site's own number, lowest first
  kRemainingCapacity,  ///< most orders it can still take first; without a limit before all
};

/// What becomes of units that a rule could not give to anybody.
struct RuleAction {
  std::optional<ParkingQueue> move_to;               ///< MOVE_TO_QUEUE; nothing: NEXT_RULE
  std::optional<std::int32_t> add_auto_cancel_days;  ///< ADD_AUTO_CANCEL_DAYS
  bool clear_auto_cancel = false;                    ///< CLEAR_AUTO_CANCEL
};

struct InventoryRule {
  std::string name;
  std::int32_t sequence = 0;
  bool active = true;
  InventoryFilters filters;
  std::vector<SiteSort> sorts;
  AssignmentRules assignment;
  RuleAction action;
};

struct OrderRouting {
  std::string name;
  std::int32_t sequence = 0;
  bool active = true;
  std::vector<ParkingQueue> queues;
  OrderFilters filters;
  std::vector<OrderSort> sorts;
  std::vector<InventoryRule> rules;
};

/// All that one run does, e.g. "every morning" or "express".
struct RoutingRun {
  std::string name;
  std::vector<OrderRouting> routings;
};

/// What is active, by sequence, then by name.
std::vector<OrderRouting> active_routings(const RoutingRun& run);
std::vector<InventoryRule> active_rules(const OrderRouting& routing);

}  // namespace cairn::domain
