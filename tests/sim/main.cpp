// cairn_sim: runs the simulated world for a range of seeds and checks the invariants. A red seed
// prints the one command that repeats it.

#include "tests/sim/checks.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace cairn::sim {
namespace {

struct Outcome {
  std::vector<std::string> violations;
  std::uint64_t trace = 0;
  int verdicts_ok = 0;
  int verdicts_nok = 0;
  int shipped = 0;
  int crashes = 0;
  Clashes clashes;
};

MonoTime in(World& world, Duration duration) { return world.timeline().now() + duration; }

/// One fault at a random moment, then the next.
void plan_faults(World& world, MonoTime until) {
  SimRandom& random = world.random();
  const MonoTime when = in(world, Duration(random.between(100'000, 3'000'000)));
  if (when > until) return;
  world.timeline().at(when, [&world, until] {
    SimRandom& chance = world.random();
    Endpoint& endpoint = *world.endpoints()[static_cast<std::size_t>(chance.between(0, 3))];
    switch (chance.between(0, 5)) {
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

/// Ends faults and waits until everything written is everywhere.
void come_to_rest(World& world) {
  world.network().faults = {0, 0, Duration(2'000)};
  const MonoTime latest = in(world, std::chrono::minutes(10));
  while (world.timeline().now() < latest && world.violations().empty()) {
    world.run(in(world, std::chrono::milliseconds(500)));
    bool all = true;
    for (auto& endpoint : world.endpoints()) {
      world.network().set_link(endpoint->number, true);
      all = all && endpoint->running();
    }
    if (all && quiet(world)) return;
  }
  world.violation("I11: the replicas did not come together");
}

Outcome run_seed(std::uint64_t seed, const std::filesystem::path& directory) {
  World world(seed, directory);
  Workload workload(world);
  Watermarks watermarks;
  workload.prepare();
  world.run(in(world, std::chrono::seconds(1)));

  SimRandom& random = world.random();
  world.network().faults = {static_cast<std::uint64_t>(random.between(0, 30)),
                            static_cast<std::uint64_t>(random.between(0, 30)),
                            Duration(random.between(1'000, 400'000))};
  const MonoTime end = in(world, std::chrono::seconds(30));
  workload.plan(end);
  plan_faults(world, end);
  while (world.timeline().now() < end && world.violations().empty()) {
    world.run(in(world, std::chrono::milliseconds(250)));
    watermarks.check(world);
  }
  come_to_rest(world);
  watermarks.check(world);
  Outcome outcome;
  if (world.violations().empty()) {
    check_at_rest(world, workload);
    outcome.clashes = count_clashes(world);
  }
  outcome.violations = world.violations();
  outcome.trace = world.network().trace();
  outcome.verdicts_ok = workload.verdicts_ok();
  outcome.verdicts_nok = workload.verdicts_nok();
  outcome.shipped = workload.shipped();
  outcome.crashes = world.crashes();
  return outcome;
}

struct Options {
  std::uint64_t first = 1;
  std::uint64_t count = 200;
  bool twice = false;       ///< I27
  bool expect_red = false;  ///< a planted bug must be found
};

void print_red(const char* program, std::uint64_t seed, const Outcome& outcome) {
  fmt::print("seed {} is red:\n", seed);
  for (const std::string& violation : outcome.violations) fmt::print("  {}\n", violation);
  fmt::print("repeat it with: {} --first {} --count 1\n", program, seed);
}

int run(const Options& options, const char* program) {
  const auto directory =
      std::filesystem::temp_directory_path() / fmt::format("cairn-sim-{}", getpid());
  Outcome sum;
  for (std::uint64_t seed = options.first; seed < options.first + options.count; ++seed) {
    const Outcome outcome = run_seed(seed, directory);
    if (!outcome.violations.empty()) {
      print_red(program, seed, outcome);
      if (options.expect_red) fmt::print("the planted bug was found at seed {}\n", seed);
      return options.expect_red ? 0 : 1;
    }
    if (options.twice && run_seed(seed, directory).trace != outcome.trace) {
      fmt::print("I27: seed {} took two different courses\n", seed);
      return 1;
    }
    sum.verdicts_ok += outcome.verdicts_ok;
    sum.verdicts_nok += outcome.verdicts_nok;
    sum.shipped += outcome.shipped;
    sum.crashes += outcome.crashes;
    sum.clashes.lost_claims += outcome.clashes.lost_claims;
    sum.clashes.put_backs += outcome.clashes.put_backs;
  }
  fmt::print(
      "{} seeds green: {} scans saved, {} refused, {} groups shipped, {} crashes,"
      " {} lost claims, {} put-backs\n",
      options.count, sum.verdicts_ok, sum.verdicts_nok, sum.shipped, sum.crashes,
      sum.clashes.lost_claims, sum.clashes.put_backs);
  if (options.expect_red) fmt::print("the planted bug was NOT found\n");
  return options.expect_red ? 1 : 0;
}

}  // namespace
}  // namespace cairn::sim

int main(int argc, char** argv) {
  cairn::sim::Options options;
  CLI::App app(
      "Runs the simulated world (hub, two sites, three agents, faults) and checks invariants");
  app.add_option("--first", options.first, "first seed")->capture_default_str();
  app.add_option("--count", options.count, "how many seeds")->capture_default_str();
  app.add_flag("--twice", options.twice, "run each seed twice and compare the courses (I27)");
  app.add_flag("--expect-red", options.expect_red, "succeed only if a seed fails (planted bugs)");
  CLI11_PARSE(app, argc, argv);
  return cairn::sim::run(options, argv[0]);
}
