#include "tools/bench/probes/routing_probe.h"

#include "core/domain/routing/cost_routing.h"
#include "core/runtime/system_clock.h"
#include "tools/bench/probes/machine.h"
#include "tools/bench/probes/report.h"
#include "tools/bench/probes/store_day.h"
#include "tools/bench/raw/raw_routing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace cairn::bench {
namespace {

struct Shape {
  std::size_t lines;
  std::size_t sites;
  std::uint64_t stocked;  ///< of ten sites

  [[nodiscard]] std::string name() const { return fmt::format("{}x{}_{}", lines, sites, stocked); }
};

constexpr std::array<Shape, 6> kShapes = {
    {{2, 10, 7}, {4, 20, 6}, {4, 50, 3}, {6, 50, 6}, {6, 50, 3}, {8, 50, 4}}};

/// Orders timed at once: few, so that most batches end before the machine turns to something else.
constexpr std::size_t kBatch = 10;
/// CBC takes milliseconds for each.
constexpr std::size_t kOrdersForCbc = 40;
constexpr std::int64_t kCentMicro = 10'000;

struct Sample {
  domain::CostCase order;
  raw::Order bare;  ///< the same in cents
};

/// A line of `units` costs so much at a site, or it has fewer.
void add_offer(Sample& sample, Sequence& chance, const Shape& shape, std::int64_t units, bool has) {
  has = has || chance.below(10) < shape.stocked;
  const auto cents = static_cast<std::int64_t>(chance.below(80));
  sample.order.offers.push_back({has ? 50'000 : (units - 1) * 1000, cents * kCentMicro});
  sample.bare.costs.push_back(has ? cents * units : raw::kNotStocked);
}

Sample sample_of(Sequence& chance, const Shape& shape) {
  Sample sample;
  sample.bare.lines = shape.lines;
  std::vector<std::size_t> giver;  // by line: a site that surely has it
  for (std::size_t line = 0; line < shape.lines; ++line) {
    const auto units = static_cast<std::int64_t>(1 + chance.below(3));
    sample.order.needs.push_back({LineNo(static_cast<std::uint32_t>(line + 1)),
                                  numbered_sku(line + 1), units * 1000, 999, 0});
    giver.push_back(chance.below(shape.sites));
  }
  for (std::size_t site = 0; site < shape.sites; ++site) {
    const auto cents = static_cast<std::int64_t>(300 + chance.below(700));
    sample.order.sites.push_back(
        {must(SiteId::parse(fmt::format("store-{}", site))), cents * kCentMicro});
    sample.bare.fixed.push_back(cents);
    for (std::size_t line = 0; line < shape.lines; ++line) {
      add_offer(sample, chance, shape, sample.order.needs[line].milli / 1000, giver[line] == site);
    }
  }
  return sample;
}

/// By how many millionths `cost` is more than the least.
std::int64_t gap_ppm(std::int64_t cost, std::int64_t least) {
  return cost == least ? 0 : std::max<std::int64_t>((cost - least) * 1'000'000 / least, 1);
}

/// Times by the thing that was timed, in microseconds an order: a batch each.
struct Times {
  std::vector<double> ours;
  std::vector<double> bare;
  std::vector<double> cbc;
};

/// What one batch costs by all means; returns the greatest gap.
std::int64_t measure(const Clock& clock, const std::vector<Sample>& batch, bool with_cbc,
                     Times& times) {
  std::vector<std::int64_t> ours(batch.size());
  std::vector<std::int64_t> bare(batch.size());
  domain::CostRules rules;
  rules.split_quantities = false;
  const auto each = [&batch](double us) { return us / static_cast<double>(batch.size()); };
  times.ours.push_back(each(us_of(clock, [&] {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto decided = must(domain::route_by_cost(batch[i].order, rules));
      ours[i] = decided.method == domain::CostMethod::kExact ? decided.cost_micro : 0;
    }
  })));
  raw::CheapestSites search;
  times.bare.push_back(each(us_of(clock, [&] {
    for (std::size_t i = 0; i < batch.size(); ++i) bare[i] = search.cost(batch[i].bare);
  })));
  std::int64_t gap = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    gap = std::max(gap, gap_ppm(ours[i], bare[i] * kCentMicro));
  }
  if (!with_cbc) return gap;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    std::optional<std::int64_t> cost;
    const double us = us_of(clock, [&] { cost = raw::cost_by_cbc(batch[i].bare); });
    if (!cost) continue;
    times.cbc.push_back(us);
    gap = std::max(gap, gap_ppm(ours[i], *cost * kCentMicro));
  }
  return gap;
}

/// Of the batches the median: whatever else the machine does meets few of them.
void measure(const Clock& clock, Sequence& chance, const Shape& shape, std::size_t orders,
             json::Value& value) {
  Times times;
  std::int64_t gap = 0;
  for (std::size_t done = 0; done < orders; done += kBatch) {
    std::vector<Sample> batch;
    for (std::size_t i = 0; i < kBatch; ++i) batch.push_back(sample_of(chance, shape));
    gap = std::max(gap, measure(clock, batch, done < kOrdersForCbc, times));
  }
  const std::string name = shape.name();
  value.set("ours_us_" + name, percentile(times.ours, 50));
  value.set("raw_us_" + name, percentile(times.bare, 50));
  value.set("cbc_us_" + name, percentile(times.cbc, 50));
  value.set("cbc_solved_" + name, static_cast<double>(times.cbc.size()));
  value.set("gap_ppm_" + name, static_cast<double>(gap));
}

}  // namespace

void routing_probe(std::uint64_t rounds, std::uint64_t orders) {
  const runtime::SystemClock clock;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    Sequence chance(round);
    auto value = json::Value::object();
    for (const Shape& shape : kShapes) measure(clock, chance, shape, orders, value);
    report(value);
  }
}

}  // namespace cairn::bench
