// I17: what head office told devices to do, against what they did. The devices' deeds are noted by
// the world where they happen; what the rows say is compared with them.

#include "core/storage/sqlite/statement.h"
#include "tests/sim/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cairn::sim {
namespace {

using domain::CommandId;
using storage::Statement;

/// Whether the device's disk was copied: until the hub has told the two apart, each does as it is
/// told.
bool was_copied(World& world, NodeId node) {
  return std::ranges::count_if(world.endpoints(),
                               [node](const auto& endpoint) { return endpoint->node == node; }) > 1;
}

/// Whether what it remembered was put back: what it did not say anybody before is forgotten.
bool was_put_back(World& world, NodeId node) {
  return std::ranges::any_of(world.endpoints(), [node](const auto& endpoint) {
    return endpoint->node == node && endpoint->restored > 0;
  });
}

/// At most once, never after its expiry; noted deed by deed.
void check_deeds(World& world) {
  const auto& all = world.carried_out();
  for (auto deed = all.begin(); deed != all.end(); deed = all.upper_bound(deed->first)) {
    const auto times = all.count(deed->first);
    const auto at = static_cast<std::size_t>(deed->second.endpoint);
    if (times > 1 && !was_copied(world, world.endpoints()[at]->node)) {
      world.violation(fmt::format("I17: command {} was carried out {} times",
                                  deed->first.value().text(), times));
    }
    if (deed->second.at >= deed->second.expires) {
      world.violation(fmt::format("I17: command {} was carried out at {}, it expired at {}",
                                  deed->first.value().text(), deed->second.at.text(),
                                  deed->second.expires.text()));
    }
  }
}

/// Each command has one answer, and the answer is true.
void check_answers(World& world) {
  Statement& select = world.hub().replica().connection().prepare(
      "SELECT c.id, c.verb, count(e.command), coalesce(max(e.outcome), 0), c.node FROM "
      "node_command c"
      " LEFT JOIN node_command_end e ON e.command = c.id GROUP BY c.id");
  select.bind();
  while (select.step()) {
    const CommandId id(select.uuid(0));
    const auto verb = static_cast<domain::CommandVerb>(select.integer(1));
    const auto outcome = static_cast<domain::CommandOutcome>(select.integer(3));
    const NodeId node(select.uuid(4));
    if (was_copied(world, node) || was_put_back(world, node)) continue;
    if (select.integer(2) != 1) {
      world.violation(
          fmt::format("I17: command {} has {} answers", id.value().text(), select.integer(2)));
      continue;
    }
    const bool begun = world.carried_out().contains(id);
    const bool ends =
        verb == domain::CommandVerb::kRestart || verb == domain::CommandVerb::kRebuild;
    // Power that failed between a restart's record and the restart was one, too.
    const bool may_be_done = begun || ends;
    const bool never_begun = outcome == domain::CommandOutcome::kExpired ||
                             outcome == domain::CommandOutcome::kSuperseded;
    if ((outcome == domain::CommandOutcome::kDone && !may_be_done) || (never_begun && begun)) {
      world.violation(fmt::format("I17: command {} is {} and was {}begun", id.value().text(),
                                  name_of(outcome), begun ? "" : "not "));
    }
  }
}

}  // namespace

void check_commands(World& world) {
  check_deeds(world);
  check_answers(world);
}

std::map<std::string, std::int64_t> count_commands(World& world) {
  std::map<std::string, std::int64_t> counts;
  for (const auto outcome :
       {domain::CommandOutcome::kDone, domain::CommandOutcome::kFailed,
        domain::CommandOutcome::kExpired, domain::CommandOutcome::kSuperseded}) {
    counts[fmt::format("commands {}", name_of(outcome))] =
        number(world.hub().replica().connection(),
               fmt::format("SELECT count(*) FROM node_command_end WHERE outcome = {}",
                           static_cast<int>(outcome)));
  }
  return counts;
}

}  // namespace cairn::sim
