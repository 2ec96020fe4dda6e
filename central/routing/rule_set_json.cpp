#include "central/routing/rule_set_json.h"

#include "core/base/numbers.h"
#include "core/base/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::central {
namespace {

using domain::Choice;
using json::Reader;

constexpr std::size_t kMostRoutings = 50;
constexpr std::size_t kMostRules = 50;
constexpr std::size_t kMostSorts = 8;
constexpr std::size_t kMostWords = 500;
constexpr std::size_t kMostSites = 10'000;
constexpr std::size_t kMostZones = 100;
constexpr std::size_t kWordMost = 64;  // octets of a name, a group, a category
constexpr std::int64_t kMostDays = 3650;
constexpr std::int64_t kMostSequence = 1'000'000;

constexpr std::array<std::pair<std::string_view, domain::OrderSort>, 5> kOrderSorts = {{
    {"SHIP_BY", domain::OrderSort::kShipBy},
    {"SHIP_AFTER", domain::OrderSort::kShipAfter},
    {"ORDER_DATE", domain::OrderSort::kOrderDate},
    {"SHIPPING_METHOD", domain::OrderSort::kShippingMethod},
    {"PRIORITY", domain::OrderSort::kPriority},
}};

constexpr std::array<std::pair<std::string_view, domain::SiteSort>, 4> kSiteSorts = {{
    {"DISTANCE", domain::SiteSort::kDistance},
    {"INVENTORY_BALANCE", domain::SiteSort::kInventoryBalance},
    {"SEQUENCE", domain::SiteSort::kSequence},
    {"REMAINING_CAPACITY", domain::SiteSort::kRemainingCapacity},
}};

constexpr std::array<std::pair<std::string_view, domain::MeasurementSystem>, 2> kSystems = {{
    {"METRIC", domain::MeasurementSystem::kMetric},
    {"IMPERIAL", domain::MeasurementSystem::kImperial},
}};

constexpr std::array<std::pair<std::string_view, domain::PartialOrders>, 2> kPartials = {{
    {"wait", domain::PartialOrders::kWait},
    {"split_lines", domain::PartialOrders::kSplitLines},
}};

/// The value of a word; a word that is not in the table is a problem of the member `name`.
template <class Value, std::size_t kWords>
Value one_of(Reader& in, std::string_view name, std::string_view word,
             const std::array<std::pair<std::string_view, Value>, kWords>& table) {
  std::string all;
  for (const auto& [known, value] : table) {
    if (known == word) return value;
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  in.problem(name, "must be one of " + all);
  return table.front().second;
}

std::int64_t number_or(Reader& in, std::string_view name, std::int64_t most,
                       std::int64_t otherwise) {
  return in.optional_integer(name, 0, most).value_or(otherwise);
}

/// A list of words: each is read as the member of an object of its own, so that its type is
/// checked like every other.
std::vector<std::string> words(Reader& in, std::string_view name) {
  std::vector<std::string> found;
  if (!in.has(name)) return found;
  for (json::Value& value : in.values(name, kMostWords)) {
    const json::Value holder = json::Value::object().set("word", std::move(value));
    Reader one(holder);
    found.push_back(one.text("word", {1, kWordMost}));
    if (!one.done()) in.problem(name, "must be a list of texts of 1 to 64 octets");
  }
  return found;
}

Choice choice(Reader& in, std::string_view name) {
  if (!in.has(name)) return {};
  Reader one = in.object(name);
  Choice choice;
  choice.any_of = words(one, "any_of");
  choice.none_of = words(one, "none_of");
  return choice;
}

template <class Sort, std::size_t kWords>
std::vector<Sort> sorts(Reader& in,
                        const std::array<std::pair<std::string_view, Sort>, kWords>& table) {
  std::vector<Sort> found;
  for (const std::string& word : words(in, "sorts"))
    found.push_back(one_of(in, "sorts", word, table));
  if (found.size() > kMostSorts) in.problem("sorts", "are at most 8");
  return found;
}

/// Name, sequence and whether it is active: of routings and of rules.
template <class Step>
void read_step(Reader& in, Step& step) {
  step.name = in.text("name", {1, kWordMost});
  step.sequence = static_cast<std::int32_t>(number_or(in, "sequence", kMostSequence, 0));
  step.active = in.boolean_or("active", true);
}

// ---- routings

domain::OrderFilters order_filters(Reader in) {
  domain::OrderFilters filters;
  filters.shipping_method = choice(in, "shipping_method");
  filters.priority = choice(in, "priority");
  filters.sales_channel = choice(in, "sales_channel");
  filters.product_category = choice(in, "product_category");
  filters.origin_group = choice(in, "origin_group");
  filters.promise_days_most = in.optional_integer("promise_days_most", -kMostDays, kMostDays);
  filters.promise_days_over = in.optional_integer("promise_days_over", -kMostDays, kMostDays);
  return filters;
}

domain::ParkingQueue queue(Reader& in, std::string_view name, const std::string& word) {
  const auto queue = domain::parse_parking_queue(word);
  if (!queue) in.problem(name, queue.error().message);
  return queue.value_or(domain::ParkingQueue::kBrokering);
}

std::vector<domain::ParkingQueue> queues(Reader& in) {
  std::vector<domain::ParkingQueue> found;
  for (const std::string& word : words(in, "queues")) {
    found.push_back(queue(in, "queues", word));
    if (!domain::is_routed(found.back())) {
      in.problem("queues",
                 fmt::format("{} is never routed: a person chooses", name_of(found.back())));
    }
  }
  if (found.empty()) in.problem("queues", "must name one at least, e.g. BROKERING");
  return found;
}

// ---- rules

domain::Proximity proximity(Reader in) {
  domain::Proximity found;
  found.distance = in.integer("distance", 0, 20'000);
  const std::string word = in.optional_text("system", {1, kWordMost}).value_or("METRIC");
  found.system = one_of(in, "system", word, kSystems);
  return found;
}

domain::InventoryFilters inventory_filters(Reader in) {
  domain::InventoryFilters filters;
  filters.facility_group = choice(in, "facility_group");
  if (in.has("proximity")) filters.proximity = proximity(in.object("proximity"));
  filters.brokering_safety_milli = number_or(in, "brokering_safety_milli", kMaxMilli, 0);
  filters.ignore_order_limit = in.boolean_or("ignore_order_limit", false);
  filters.supply_weeks_milli = number_or(in, "supply_weeks_milli", 1'000'000, 0);
  filters.split_item_group = in.boolean_or("split_item_group", false);
  return filters;
}

domain::AssignmentRules assignment(Reader in) {
  domain::AssignmentRules rules;
  const auto mode = domain::parse_assignment(in.text("mode", {1, kWordMost}));
  if (!mode) in.problem("mode", mode.error().message);
  rules.assignment = mode.value_or(domain::Assignment::kSingle);
  rules.all_or_nothing = in.boolean_or("all_or_nothing", false);
  rules.cost.split_penalty_micro = number_or(in, "split_penalty_micro", domain::kMaxRateMicro, 0);
  rules.cost.shipments_most = static_cast<std::uint32_t>(number_or(in, "shipments_most", 1000, 0));
  rules.cost.threshold_minor = number_or(in, "threshold_minor", 1'000'000'000, 0);
  rules.cost.split_quantities = in.boolean_or("split_quantities", true);
  const std::string word = in.optional_text("partial_orders", {1, kWordMost}).value_or("wait");
  rules.cost.partial = one_of(in, "partial_orders", word, kPartials);
  return rules;
}

domain::RuleAction action(Reader in) {
  domain::RuleAction action;
  if (const auto word = in.optional_text("move_to", {1, kWordMost})) {
    action.move_to = queue(in, "move_to", *word);
    if (*action.move_to == domain::ParkingQueue::kPickupRejected) {
      in.problem("move_to", "nothing is moved to PICKUP_REJECTED: the customer chooses");
    }
  }
  if (const auto days = in.optional_integer("add_auto_cancel_days", 0, kMostDays)) {
    action.add_auto_cancel_days = static_cast<std::int32_t>(*days);
  }
  action.clear_auto_cancel = in.boolean_or("clear_auto_cancel", false);
  return action;
}

domain::InventoryRule rule(Reader in) {
  domain::InventoryRule rule;
  read_step(in, rule);
  if (in.has("filters")) rule.filters = inventory_filters(in.object("filters"));
  rule.sorts = sorts(in, kSiteSorts);
  rule.assignment = assignment(in.object("assignment"));
  if (in.has("action")) rule.action = action(in.object("action"));
  return rule;
}

domain::OrderRouting routing(Reader in) {
  domain::OrderRouting routing;
  read_step(in, routing);
  routing.queues = queues(in);
  if (in.has("filters")) routing.filters = order_filters(in.object("filters"));
  routing.sorts = sorts(in, kOrderSorts);
  for (const Reader& one : in.objects("rules", kMostRules)) routing.rules.push_back(rule(one));
  return routing;
}

// ---- sites and rates

domain::RuleSetSite rule_set_site(Reader in) {
  domain::RuleSetSite site;
  const auto id = SiteId::parse(in.text("site", {1, kWordMost}));
  if (!id) in.problem("site", id.error().message);
  site.site = id.value_or(SiteId{});
  site.groups = words(in, "groups");
  site.sequence = number_or(in, "sequence", kMostSequence, 0);
  site.order_limit = in.optional_integer("order_limit", 0, 1'000'000);
  site.handling_micro = number_or(in, "handling_micro", domain::kMaxRateMicro, 0);
  site.ships = in.boolean_or("ships", true);
  site.takes_hazmat = in.boolean_or("takes_hazmat", true);
  site.shipping_methods = choice(in, "shipping_methods");
  site.countries = choice(in, "countries");
  return site;
}

domain::CostRates rates(Reader in) {
  domain::CostRates rates;
  for (Reader zone : in.objects("zones", kMostZones)) {
    rates.zones.push_back({zone.integer("reach_m", 0, 20'100'000),
                           zone.integer("label_micro", 0, domain::kMaxRateMicro),
                           number_or(zone, "kg_micro", domain::kMaxRateMicro, 0)});
  }
  rates.volume_divisor = number_or(in, "volume_divisor", 1'000'000, 0);
  rates.km_micro = number_or(in, "km_micro", domain::kMaxRateMicro, 0);
  rates.late_day_micro = number_or(in, "late_day_micro", domain::kMaxRateMicro, 0);
  rates.scarcity_micro = number_or(in, "scarcity_micro", domain::kMaxRateMicro, 0);
  rates.ample_weeks_milli = number_or(in, "ample_weeks_milli", 1'000'000, 0);
  return rates;
}

/// "06:30": minutes since midnight; nothing for anything else.
std::optional<std::int32_t> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_unsigned(text.substr(0, 2));
  const auto minute = parse_unsigned(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return static_cast<std::int32_t>(*hour * 60 + *minute);
}

domain::RunSchedule schedule(Reader in) {
  domain::RunSchedule schedule;
  schedule.every_s =
      in.optional_integer("every_s", domain::RunSchedule::kLeastEvery, 24LL * 3600).value_or(0);
  for (const std::string& text : words(in, "at")) {
    const auto minute = minute_of(text);
    if (!minute) in.problem("at", "must be times of the day in UTC, e.g. 06:30");
    if (minute) schedule.at_min.push_back(*minute);
  }
  std::ranges::sort(schedule.at_min);
  return schedule;
}

}  // namespace

domain::RuleSet rule_set_members(json::Reader in) {
  domain::RuleSet rules;
  for (const Reader& one : in.objects("routings", kMostRoutings)) {
    rules.run.routings.push_back(routing(one));
  }
  if (in.has("sites")) {
    for (const Reader& one : in.objects("sites", kMostSites)) {
      rules.sites.push_back(rule_set_site(one));
    }
  }
  if (in.has("rates")) rules.rates = rates(in.object("rates"));
  rules.stale_after_s = number_or(in, "stale_after_s", 366LL * 24 * 3600, 0);
  if (in.has("schedule")) rules.schedule = schedule(in.object("schedule"));
  return rules;
}

Result<domain::RuleSet> read_rule_set(const json::Value& value) {
  Reader in(value);
  auto rules = rule_set_members(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  if (auto ok = domain::validate(rules); !ok) return fail(ok.error());
  return rules;
}

}  // namespace cairn::central
