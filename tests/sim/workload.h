#pragma once
// What people do in the simulated world: customers order, cancel and come for their goods, head
// office routes, stores pick, pack, print, ship, hand over, put back and take returns, right and
// wrong, connected or not. It remembers what it was told is saved.

#include "edge-agent/workflows/labels.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sim {

/// A hub, two sites and their articles, for a workload or a scenario.
Result<bool> set_up(World& world, storage::UnitOfWork& work);
Sku sku_of(std::int64_t article);
Gtin gtin_of_article(std::int64_t article);
inline constexpr int kArticles = 8;
inline constexpr std::int64_t kUnitWeightMg = 100'000;
inline constexpr std::int64_t kUnitPriceMinor = 100;
inline constexpr std::int64_t kAloneUpToMinor = 250;  ///< of a refund

/// What a command answers that found nothing to work at.
inline tl::unexpected<Error> nothing() {
  return fail(ErrorCode::kNotFound, "nothing_to_do", "nothing to do");
}

class Workload {
 public:
  explicit Workload(World& world) : world_(&world) {}

  /// Sets up sites, devices, articles and stock at the hub.
  void prepare();
  /// Plans everything up to `until`.
  void plan(MonoTime until);

  /// What the events say whose author was told "saved" (saying_of()), and how often: all of every
  /// answered command.
  [[nodiscard]] const std::map<std::string, int>& acknowledged() const { return acknowledged_; }
  /// Of them only what is in `held` is asked for from now on.
  void excuse_all_but(const std::map<std::string, int>& held);
  /// The channel sends the orders again that the hub does not know any more.
  void send_again();

  /// How often what was done, and what was refused for which reason.
  [[nodiscard]] const std::map<std::string, std::int64_t>& done() const { return done_; }

  /// What the printers really did to a package's label.
  struct Print {
    int times = 0;
    std::set<NodeId> nodes;
    ShipGroupId group;
  };
  [[nodiscard]] const std::map<EventRef, Print>& printed() const { return printed_; }

 private:
  using Job = storage::Writer::Job<bool>;

  void plan_next(MonoTime until);
  /// Runs a command; on success its events are acknowledged, then `after` happens.
  void act(
      Endpoint& endpoint, const std::string& what, Job job, std::function<void()> after = [] {});

  // ---- at the hub (workload.cpp) ----
  void at_hub();
  void place_order();
  void route();
  void cancel();
  void convert();
  void mint_code();
  void take_back();

  // ---- from the hub to devices ----
  void plan_commands(MonoTime until);
  void give_command();

  // ---- at a site (site_workload.cpp) ----
  void at_agent(Endpoint& endpoint);
  void claim(Endpoint& endpoint, const agent::Operator& by);
  void scan(Endpoint& endpoint, const agent::Operator& by, bool wrong);
  void report_short(Endpoint& endpoint, const agent::Operator& by);
  void release(Endpoint& endpoint, const agent::Operator& by);
  void pack(Endpoint& endpoint, const agent::Operator& by);
  void print_label(Endpoint& endpoint, const agent::Operator& by);
  void end_label(Endpoint& endpoint, const agent::LabelOrder& order, const EventRef& package);
  void check_label(Endpoint& endpoint, const agent::Operator& by);
  void ship(Endpoint& endpoint, const agent::Operator& by);
  void hand_over(Endpoint& endpoint, const agent::Operator& by);
  void undo_pick(Endpoint& endpoint, const agent::Operator& by);
  void undo_hand_over(Endpoint& endpoint, const agent::Operator& by);
  void put_back(Endpoint& endpoint, const agent::Operator& by);
  void bring_back(Endpoint& endpoint, const agent::Operator& by);
  void take_return(Endpoint& endpoint, const agent::Operator& by, const std::string& receipt);

  World* world_;
  std::map<std::string, int> acknowledged_;
  std::map<std::string, std::int64_t> done_;
  std::map<EventRef, Print> printed_;
  std::map<ShipGroupId, std::string> codes_;  ///< what customers were told
  std::vector<OrderId> placed_;
  std::vector<domain::OrderPlaced> sent_;  ///< by the channel
  std::vector<std::string> left_;          ///< orders of which customers have something
  std::map<int, ShipGroupId> handed_;      ///< the last one at each endpoint
  int orders_ = 0;
  int cancellations_ = 0;
};

}  // namespace cairn::sim
