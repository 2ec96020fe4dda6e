// cairn_sim: runs the simulated world for a range of seeds and checks the invariants. A red seed
// prints the one command that repeats it.

#include "tests/sim/checks.h"
#include "tests/sim/disasters.h"
#include "tests/sim/history.h"
#include "tests/sim/strange_node.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::sim {
namespace {

struct Outcome {
  std::vector<std::string> violations;
  std::uint64_t trace = 0;
  std::map<std::string, std::int64_t> counts;
};

/// What must have happened in a run of many seeds, beside every count at rest: else the checks have
/// seen nothing.
constexpr std::array kMustHappen = {"order",
                                    "routing run",
                                    "claim",
                                    "scan",
                                    "release",
                                    "package",
                                    "label printed",
                                    "label failed",
                                    "label unknown",
                                    "label looked at",
                                    "ship",
                                    "handed over",
                                    "wrong code",
                                    "hand-over undone",
                                    "cancellation",
                                    "conversion",
                                    "pickup code",
                                    "put back, scanned",
                                    "put back, keyed",
                                    "return",
                                    "sale found",
                                    "goods back",
                                    "command",
                                    "snapshot installed",
                                    "snapshot begun, not installed",
                                    "crashes",
                                    "hub put back",
                                    "device put back",
                                    "device copied",
                                    "order sent again",
                                    "given back",
                                    "frames from neighbours",
                                    "full disks",
                                    "crashes in a write",
                                    "package, part of the tote",
                                    "folded at the hub",
                                    "folded at devices",
                                    "short NOT_IN_STOCK",
                                    "short SHORT_PARTIAL",
                                    "short MISMATCH",
                                    "short DAMAGED",
                                    "short WORN_DISPLAY",
                                    "short NO_VARIANCE",
                                    "short AVOID_SPLIT",
                                    "short STORE_BUSY",
                                    "short NO_CAPACITY",
                                    "refused: over_pick",
                                    "refused: weight_mismatch",
                                    "refused: label_printed",
                                    "refused: label_unknown",
                                    "refused: too_late",
                                    "refused: already_returned",
                                    "refused: needs_approval",
                                    "refused: code_locked",
                                    "refused: claimed_by_other",
                                    "refused: unknown_item",
                                    "refused: too_late_to_undo"};
/// Fewer seeds may miss a rare clash.
constexpr std::uint64_t kManySeeds = 200;

MonoTime in(World& world, Duration duration) { return world.timeline().now() + duration; }

/// One fault at a random moment, then the next.
void plan_faults(World& world, MonoTime until) {
  SimRandom& random = world.random();
  const MonoTime when = in(world, Duration(random.between(100'000, 3'000'000)));
  if (when > until) return;
  world.timeline().at(when, [&world, until] {
    SimRandom& chance = world.random();
    const auto last = static_cast<std::int64_t>(world.endpoints().size()) - 1;
    Endpoint& endpoint = *world.endpoints()[static_cast<std::size_t>(chance.between(0, last))];
    switch (chance.between(0, 9)) {
      case 0:
        world.crash(endpoint);
        break;
      case 1:
        world.crash_in_commit(endpoint, true);
        break;
      case 2:
        world.crash_in_commit(endpoint, false);
        break;
      case 3:
        world.network().restart_broker();
        break;
      case 4:
        world.lan().restart_broker();
        break;
      case 5: {
        const int number = endpoint.number;
        world.lan().set_link(number, false);
        world.timeline().at(in(world, Duration(chance.between(200'000, 8'000'000))),
                            [&world, number] { world.lan().set_link(number, true); });
        break;
      }
      case 6:
        world.fill_disk(endpoint, Duration(chance.between(100'000, 4'000'000)),
                        chance.between(0, 1) == 1);
        break;
      case 7:
        world.crash_in_write(endpoint);
        break;
      default: {
        const int number = endpoint.number;
        world.network().set_link(number, false);
        world.timeline().at(in(world, Duration(chance.between(200'000, 8'000'000))),
                            [&world, number] { world.network().set_link(number, true); });
      }
    }
    plan_faults(world, until);
  });
}

/// The store, or every site, loses the hub for long; whoever mends a single link mends it for a
/// moment only.
void keep_cut_off(World& world, bool store_only, MonoTime until) {
  for (auto& endpoint : world.endpoints()) {
    if (endpoint->number == kHub || (store_only && endpoint->site.text() != "store")) continue;
    world.network().set_link(endpoint->number, false);
  }
  const MonoTime next = in(world, std::chrono::milliseconds(500));
  if (next > until) return;
  world.timeline().at(next,
                      [&world, store_only, until] { keep_cut_off(world, store_only, until); });
}

/// With the hub away, what one device of a site knows all of them come to know, and show alike.
void come_to_rest_at_sites(World& world) {
  world.lan().faults = {0, 0, Duration(2'000)};
  const MonoTime latest = in(world, std::chrono::minutes(5));
  while (world.timeline().now() < latest && world.violations().empty()) {
    for (auto& endpoint : world.endpoints()) {
      world.network().set_link(endpoint->number, false);
      world.lan().set_link(endpoint->number, true);
    }
    world.run(in(world, std::chrono::milliseconds(500)));
    const bool all = std::ranges::all_of(world.endpoints(),
                                         [](const auto& endpoint) { return endpoint->running(); });
    if (all && apart_at_sites(world).empty()) return check_sites_agree(world);
  }
  world.violation("I11: the devices of a site did not come together without the hub: " +
                  apart_at_sites(world));
}

/// Ends faults and waits until everything written is everywhere.
void come_to_rest(World& world, const StrangeNode& strange) {
  world.network().faults = {0, 0, Duration(2'000)};
  for (auto& endpoint : world.endpoints()) {
    if (endpoint->running()) endpoint->disk->stay_on();
  }
  const MonoTime latest = in(world, std::chrono::minutes(10));
  while (world.timeline().now() < latest && world.violations().empty()) {
    world.run(in(world, std::chrono::milliseconds(500)));
    bool all = true;
    for (auto& endpoint : world.endpoints()) {
      world.network().set_link(endpoint->number, true);
      all = all && endpoint->running();
    }
    if (all && strange.quiet() && quiet(world)) return;
  }
  world.violation("I11: the replicas did not come together");
}

/// Summed over all endpoints.
std::int64_t metric(World& world, const std::string& name) {
  std::int64_t sum = 0;
  for (const auto& endpoint : world.endpoints()) {
    for (const Metrics::Sample& sample : endpoint->metrics.samples()) {
      if (sample.name == name) sum += std::stoll(sample.value);
    }
  }
  return sum;
}

/// In half of the worlds devices that are a little behind take snapshots; in half of these one
/// device is new after a while.
WorldOptions options_of(std::uint64_t seed) {
  WorldOptions options;
  constexpr int kHandheld = 4;
  if (seed % 2 == 0) options.snapshot_records = 3 + seed / 2 % 40;
  if (seed % 4 == 0) options.late = kHandheld;
  return options;
}

Outcome live(std::uint64_t seed, const std::filesystem::path& directory, const std::string& story) {
  World world(seed, directory, options_of(seed));
  Workload workload(world);
  Watermarks watermarks;
  StrangeNode strange(world, seed);
  workload.prepare();
  world.run(in(world, std::chrono::seconds(1)));

  SimRandom& random = world.random();
  world.network().faults = {static_cast<std::uint64_t>(random.between(0, 30)),
                            static_cast<std::uint64_t>(random.between(0, 30)),
                            Duration(random.between(1'000, 400'000))};
  world.lan().faults = {static_cast<std::uint64_t>(random.between(0, 30)),
                        static_cast<std::uint64_t>(random.between(0, 30)),
                        Duration(random.between(1'000, 200'000))};
  const MonoTime end = in(world, std::chrono::seconds(30));
  if (random.one_in(3)) {
    const MonoTime from = in(world, Duration(random.between(2'000'000, 20'000'000)));
    world.timeline().at(from, [&world, end, store_only = random.one_in(2)] {
      keep_cut_off(world, store_only, end);
    });
  }
  strange.register_at_hub();
  workload.plan(end);
  strange.plan(end);
  plan_faults(world, end);
  world.timeline().at(in(world, Duration(static_cast<std::int64_t>(seed % 25) * 1'000'000)),
                      [&world] { world.begin_late(); });
  Disasters disasters(world, workload, directory);
  disasters.plan(end);
  while (world.timeline().now() < end && world.violations().empty()) {
    world.run(in(world, std::chrono::milliseconds(250)));
    watermarks.check(world);
  }
  come_to_rest_at_sites(world);
  watermarks.check(world);
  come_to_rest(world, strange);
  if (world.violations().empty() && world.hub().restored > 0) {
    workload.send_again();
    come_to_rest(world, strange);
  }
  watermarks.check(world);
  Outcome outcome;
  if (world.violations().empty()) {
    check_at_rest(world, workload);
    strange.check();
    outcome.counts = count_at_rest(world);
    outcome.counts["strange records"] += strange.written();
    outcome.counts.merge(count_commands(world));
  }
  if (const auto group = Uuid::parse(story)) {
    fmt::print("{}", story_of(world, ShipGroupId(*group)));
  }
  outcome.violations = world.violations();
  outcome.trace = world.network().trace() ^ world.lan().trace() * 3;
  for (const auto& [what, times] : workload.done()) outcome.counts[what] += times;
  outcome.counts["crashes"] = world.crashes();
  outcome.counts["hub put back"] = world.hub().restored;
  outcome.counts["device put back"] = world.devices_restored();
  outcome.counts["device copied"] = world.clones();
  outcome.counts["frames from neighbours"] = metric(world, "lan_frames_taken_total");
  const std::int64_t installed = metric(world, "sync_snapshots_installed_total");
  outcome.counts["snapshot installed"] = installed;
  outcome.counts["snapshot begun, not installed"] =
      metric(world, "sync_snapshots_begun_total") - installed;
  outcome.counts["full disks"] = world.full_disks();
  outcome.counts["crashes in a write"] = world.crashes_in_writes();
  return outcome;
}

Outcome run_seed(std::uint64_t seed, const std::filesystem::path& directory,
                 const std::string& story = "") {
  try {
    return live(seed, directory, story);
  } catch (const std::exception& failure) {
    Outcome outcome;
    outcome.violations = {fmt::format("ended by an exception: {}", failure.what())};
    return outcome;
  }
}

struct Options {
  std::uint64_t first = 1;
  std::uint64_t count = 200;
  bool twice = false;       ///< I27
  std::string story;        ///< a ship group
  bool expect_red = false;  ///< a planted bug must be found
};

void print_red(const char* program, std::uint64_t seed, const Outcome& outcome) {
  fmt::print("seed {} is red:\n", seed);
  for (const std::string& violation : outcome.violations) fmt::print("  {}\n", violation);
  for (const char* const disaster : {"hub put back", "device put back", "device copied"}) {
    const auto found = outcome.counts.find(disaster);
    fmt::print("  {}: {}\n", disaster, found == outcome.counts.end() ? 0 : found->second);
  }
  fmt::print("repeat it with: {} --first {} --count 1\n", program, seed);
}

bool everything_happened(Outcome& sum) {
  for (const char* const what : kMustHappen) sum.counts[what] += 0;
  bool all = true;
  for (const auto& [what, times] : sum.counts) {
    if (times > 0) continue;
    fmt::print("never happened: {}\n", what);
    all = false;
  }
  return all;
}

int run(const Options& options, const char* program) {
  const auto directory =
      std::filesystem::temp_directory_path() / fmt::format("cairn-sim-{}", getpid());
  Outcome sum;
  for (std::uint64_t seed = options.first; seed < options.first + options.count; ++seed) {
    const Outcome outcome = run_seed(seed, directory, options.story);
    if (!outcome.violations.empty()) {
      print_red(program, seed, outcome);
      if (options.expect_red) fmt::print("the planted bug was found at seed {}\n", seed);
      return options.expect_red ? 0 : 1;
    }
    if (options.twice && run_seed(seed, directory).trace != outcome.trace) {
      fmt::print("I27: seed {} took two different courses\n", seed);
      return 1;
    }
    for (const auto& [what, times] : outcome.counts) sum.counts[what] += times;
  }
  fmt::print("{} seeds green\n", options.count);
  for (const auto& [what, times] : sum.counts) fmt::print("  {:>8} {}\n", times, what);
  if (options.expect_red) fmt::print("the planted bug was NOT found\n");
  if (options.expect_red) return 1;
  return options.count < kManySeeds || everything_happened(sum) ? 0 : 1;
}

}  // namespace
}  // namespace cairn::sim

int main(int argc, char** argv) {
  cairn::sim::Options options;
  CLI::App app(
      "Runs the simulated world (hub, two sites, four agents, faults) and checks invariants");
  app.add_option("--first", options.first, "first seed")->capture_default_str();
  app.add_option("--count", options.count, "how many seeds")->capture_default_str();
  app.add_option("--story", options.story, "show what happened to this ship group");
  app.add_flag("--twice", options.twice, "run each seed twice and compare the courses (I27)");
  app.add_flag("--expect-red", options.expect_red, "succeed only if a seed fails (planted bugs)");
  CLI11_PARSE(app, argc, argv);
  return cairn::sim::run(options, argv[0]);
}
