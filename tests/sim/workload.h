#pragma once
// What people do in the simulated world: orders come in, routing runs, pickers claim, scan, key,
// release and ship, right and wrong, connected or not. It remembers what it was told is saved.

#include "tests/sim/world.h"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace cairn::sim {

class Workload {
 public:
  explicit Workload(World& world) : world_(&world) {}

  /// Sets up sites, devices, articles and stock at the hub.
  void prepare();
  /// Plans everything up to `until`.
  void plan(MonoTime until);

  /// Events whose author was told "saved".
  [[nodiscard]] const std::set<EventRef>& acknowledged() const { return acknowledged_; }
  [[nodiscard]] int verdicts_ok() const { return verdicts_ok_; }
  [[nodiscard]] int verdicts_nok() const { return verdicts_nok_; }
  [[nodiscard]] int shipped() const { return shipped_; }

 private:
  void plan_next(MonoTime until);
  void at_hub();
  void place_order();
  void route();
  void at_agent(Endpoint& endpoint);
  void claim(Endpoint& endpoint, const agent::Operator& by);
  void scan(Endpoint& endpoint, const agent::Operator& by, bool wrong);
  void ship(Endpoint& endpoint, const agent::Operator& by);
  template <class T>
  void submit(Endpoint& endpoint, storage::Writer::Job<T> job, storage::Writer::Done<T> done);

  World* world_;
  std::set<EventRef> acknowledged_;
  int orders_ = 0;
  int verdicts_ok_ = 0;
  int verdicts_nok_ = 0;
  int shipped_ = 0;
};

}  // namespace cairn::sim
