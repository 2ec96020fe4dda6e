#include "tools/cairn-sim/fleet_command.h"

#include "core/runtime/system_clock.h"
#include "core/runtime/system_random.h"
#include "tools/cairn-sim/fleet/fleet.h"
#include "tools/cairn-sim/stop_signal.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace cairn::simulator {
namespace {

using fleet::Account;
using fleet::Fleet;
using fleet::FleetOptions;

constexpr const char* kFleetPurpose =
    "Plays thousands of agents against a real broker and hub, in one thread: they connect, write "
    "movements of stock, send them as an agent does and wait for the hub's acknowledgements. They "
    "keep no replica. One line of JSON for each phase: connected, trading, storm.";

struct FleetArguments {
  std::string broker;
  std::string accounts;
  std::size_t nodes = 0;
};

Result<Account> read_account(const std::string& line) {
  std::istringstream in(line);
  std::string node;
  std::string site;
  Account account;
  in >> node >> site >> account.password;
  const auto id = Uuid::parse(node);
  if (!id) return fail(id.error());
  const auto at = SiteId::parse(site);
  if (!at) return fail(at.error());
  account.node = NodeId(*id);
  account.site = *at;
  return account;
}

Result<std::vector<Account>> read_accounts(const FleetArguments& typed) {
  std::ifstream file(typed.accounts);
  std::vector<Account> accounts;
  std::string line;
  while (std::getline(file, line)) {
    auto account = read_account(line);
    if (!account) return fail(account.error().with_context(typed.accounts));
    accounts.push_back(*std::move(account));
    if (accounts.size() == typed.nodes) break;
  }
  if (accounts.empty() || accounts.size() < typed.nodes) {
    return fail(ErrorCode::kInvalid, "no_accounts",
                fmt::format("{} has {} accounts, {} are wanted", typed.accounts, accounts.size(),
                            std::max<std::size_t>(1, typed.nodes)));
  }
  return accounts;
}

Result<> play_fleet(const FleetArguments& typed, FleetOptions options) {
  auto broker = Endpoint::parse(typed.broker);
  if (!broker) return fail(broker.error().with_context("--broker"));
  options.broker = *std::move(broker);
  auto accounts = read_accounts(typed);
  if (!accounts) return fail(accounts.error());
  options.accounts = *std::move(accounts);
  const StopSignal stop;
  const runtime::SystemClock clock;
  runtime::SystemRandom random;
  return Fleet(options, clock, random, [&stop] { return stop.is_raised(); }).play();
}

}  // namespace

int run_fleet_command(int argc, const char* const* argv) {
  CLI::App app{kFleetPurpose, "cairn-sim fleet"};
  FleetArguments typed;
  FleetOptions options;
  app.add_option("--broker", typed.broker, "The broker: an IPv4 address and its port")
      ->type_name("ADDRESS")
      ->required();
  app.add_option("--accounts", typed.accounts,
                 "Nodes that the hub has registered and the broker knows: a line for each, with "
                 "node id, site and password")
      ->type_name("FILE")
      ->required();
  app.add_option("--nodes", typed.nodes, "How many of them; all if not given")->type_name("N");
  app.add_option("--rate", options.rate, "Records a second that each writes")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds, "How long they trade, after five to warm up")
      ->check(CLI::Range(1.0, 86'400.0))
      ->capture_default_str();
  app.add_flag("--storm", options.storm,
               "Then cut all connections at once, and wait until all nodes are back and nothing "
               "written before waits");
  app.add_option("--patience", options.patience_seconds,
                 "Seconds until all must be connected, or the storm be over")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& end) {
    return app.exit(end) == 0 ? 0 : 2;
  }
  const auto played = play_fleet(typed, std::move(options));
  if (played) return 0;
  fmt::print(stderr, "cairn-sim fleet: {}\n", played.error().message);
  return played.error().code == ErrorCode::kInvalid ? 2 : 1;
}

}  // namespace cairn::simulator
