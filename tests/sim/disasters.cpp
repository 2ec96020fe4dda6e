#include "tests/sim/disasters.h"

#include "core/storage/projections/node_control.h"
#include "core/storage/rollback_guard.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/record.h"
#include "tests/sim/replica_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::sim {
namespace {

constexpr std::int64_t kDevices = 4;

}  // namespace

std::string saying_of(Hlc stamp, std::uint32_t type, const Bytes& key) {
  return fmt::format("{} {} {}", stamp.value, type, to_hex(key));
}

std::map<std::string, int> sayings_of(storage::Connection& connection) {
  std::map<std::string, int> all;
  for (const storage::LogRow& row : all_records(connection)) {
    const wire::Record said = wire::decode_record(row.record).value_or(wire::Record{});
    ++all[saying_of(said.hlc, said.type, said.key)];
  }
  // Set aside to be looked at: not lost.
  storage::Statement& aside = connection.prepare("SELECT record FROM superseded_record");
  aside.bind();
  while (aside.step()) {
    if (const auto record = wire::decode_record(aside.blob(0))) {
      ++all[saying_of(record->hlc, record->type, record->key)];
    }
  }
  return all;
}

void Disasters::plan(MonoTime until) {
  SimRandom& random = world_->random();
  const auto device = [&random] { return static_cast<int>(random.between(1, kDevices)); };
  switch (random.between(0, 9)) {
    case 5:
    case 6:
      plan_restore(kHub, until);
      break;
    case 7:
      plan_restore(device(), until);
      break;
    case 8:
      plan_clone(until);
      break;
    case 9:
      plan_restore(kHub, until);
      plan_restore(device(), until);
      if (random.one_in(2)) plan_restore(kHub, until);
      if (random.one_in(2)) plan_clone(until);
      break;
    default:
      break;
  }
}

/// Twice out of three times from one backup, once more from the same one.
void Disasters::plan_restore(int endpoint, MonoTime until) {
  SimRandom& random = world_->random();
  const std::int64_t span = (until.us - world_->timeline().now().us) / 3;
  const MonoTime taken = world_->timeline().now() + Duration(random.between(100'000, span));
  const auto file = directory_ / fmt::format("backup-{}", ++backups_);
  world_->timeline().at(taken, [this, endpoint, file] {
    world_->back_up(*world_->endpoints()[static_cast<std::size_t>(endpoint)], file);
  });
  MonoTime when = taken;
  const std::int64_t times = random.one_in(3) ? 2 : 1;
  for (std::int64_t i = 0; i < times; ++i) {
    when = when + Duration(random.between(500'000, span));
    world_->timeline().at(when, [this, endpoint, file] { restore(endpoint, file); });
  }
}

void Disasters::plan_clone(MonoTime until) {
  SimRandom& random = world_->random();
  const int endpoint = static_cast<int>(random.between(1, kDevices));
  const MonoTime when =
      world_->timeline().now() +
      Duration(random.between(100'000, (until.us - world_->timeline().now().us) * 2 / 3));
  world_->timeline().at(when, [this, endpoint] {
    world_->clone(*world_->endpoints()[static_cast<std::size_t>(endpoint)]);
  });
}

/// The guard file is as it happens to be, missing, or (a device's always) up to date: what a device
/// without one does is a scenario of its own (scenarios/repair_test.cpp).
void Disasters::restore(int endpoint, const std::filesystem::path& from) {
  if (!std::filesystem::exists(from)) return;  // of a device that was not there yet
  Endpoint& one = *world_->endpoints()[static_cast<std::size_t>(endpoint)];
  if (endpoint != kHub && one.running()) {
    const storage::Identity& identity = one.replica().identity();
    const std::uint64_t head = one.replica().log().author(identity.node, identity.inc).head;
    const auto written =
        storage::RollbackGuard(one.guard, one.node)
            .write({identity.inc, head, 0, storage::commands_started(one.replica().connection())});
    if (!written) world_->violation("the guard file cannot be written");
  }
  if (endpoint != kHub && !one.running()) return;  // its guard file cannot be brought up to date
  if (endpoint == kHub && world_->random().one_in(3)) std::filesystem::remove(one.guard);
  world_->restore(one, from);
  excuse_what_is_gone();
}

/// What no disk holds any more cannot come back; everything else must.
void Disasters::excuse_what_is_gone() {
  std::map<std::string, int> held;
  for (const auto& endpoint : world_->endpoints()) {
    if (endpoint->lives == 0) continue;  // a device that is not there yet
    const std::string copy = (directory_ / "looked-at").string();
    world_->back_up(*endpoint, copy);
    auto connection =
        storage::Connection::open_writer(copy, storage::Connection::Durability::kSimulated);
    if (!connection) return world_->violation("a copy cannot be read");
    for (const auto& [saying, times] : sayings_of(*connection)) {
      held[saying] = std::max(held[saying], times);
    }
  }
  workload_->excuse_all_but(held);
}

}  // namespace cairn::sim
