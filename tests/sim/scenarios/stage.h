#pragma once
// A stage for one conflict: the simulated world with nothing planned, where the test says who does
// what without a network, and whose records reach the hub first.

#include "edge-agent/workflows/operator.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::sim {

/// Devices of the store, and the one of the depot.
inline constexpr int kTill = 1;
inline constexpr int kBench = 2;
inline constexpr int kDepot = 3;
inline constexpr int kHandheld = 4;  ///< of the store, too

/// How records travel, and who is heard first.
struct Course {
  std::uint64_t seed = 1;
  int first = kTill;
  int second = kBench;
  bool rough = false;  ///< messages are lost, doubled and out of order
  bool lan = false;    ///< the devices of a site hear each other without the hub, too
  WorldOptions options{};
};
/// Both orders, smooth and rough, with several seeds.
std::vector<Course> courses(int one, int other);

class Stage {
 public:
  explicit Stage(const Course& course);

  World& world() { return world_; }
  Endpoint& at(int endpoint) { return *world_.endpoints()[static_cast<std::size_t>(endpoint)]; }

  /// Runs a command and its commit; the answer is what a screen would show.
  Result<bool> tell(int endpoint, storage::Writer::Job<bool> job);
  /// As tell(); it must be answered with success.
  void must(int endpoint, storage::Writer::Job<bool> job);

  /// Once everything is known everywhere; from then on the course is what it is.
  void cut(const std::vector<int>& endpoints);
  /// As things are.
  void cut_now(const std::vector<int>& endpoints);
  /// The first one comes back, and the hub hears all it has to say; then the second one.
  void mend_in_order();
  void mend(int endpoint);
  /// On the LAN, whatever becomes of the link to the hub.
  void set_lan(int endpoint, bool up) { world_.lan().set_link(endpoint, up); }
  /// From now on messages are lost, doubled and out of order, if the course is rough.
  void roughen();
  /// Until the devices of each site hold the same, whatever the hub knows.
  void settle_sites();
  /// Lets time go by.
  void pass(Duration duration) { run(duration); }
  /// Until everything written anywhere is known everywhere it belongs.
  void settle();
  void settle_all_but(const std::vector<int>& endpoints);

  /// One more order of the store, one article a line, so many pieces each; routed, known to its
  /// devices.
  ShipGroupId order(domain::FulfilmentMethod method, const std::vector<std::int64_t>& pieces);
  [[nodiscard]] OrderId order_id() const { return order_; }
  /// The channel sends the order once more, and it is routed again.
  void place_again(const std::vector<std::int64_t>& pieces);
  /// The hub defines an article anew.
  void rename(std::int64_t article, const std::string& name);

  void claim(int endpoint, ShipGroupId group);
  /// Somebody else goes on with it, once all have heard.
  void hand_on(int from, int to, ShipGroupId group);
  /// Units of a line, one scan each.
  void pick(int endpoint, ShipGroupId group, std::uint32_t line, std::int64_t pieces);
  /// At the station that is another device's, whose disk this one has a copy of.
  void pick_at(int endpoint, int station, ShipGroupId group, std::uint32_t line,
               std::int64_t pieces);
  /// Everything in the tote becomes one package with its label.
  void pack(int endpoint, ShipGroupId group);
  void ship(int endpoint, ShipGroupId group);
  std::string mint(ShipGroupId group);
  void hand_over(int endpoint, ShipGroupId group, const std::string& code);
  /// By head office; the answer, not success.
  Result<bool> cancel(std::uint32_t line, std::int64_t pieces);
  /// With the last order's number as receipt.
  void take_return(int endpoint, std::uint32_t line, std::int64_t pieces);
  /// The device asks the hub for the sale of the order.
  void find_sale(int endpoint);

  /// The group as the hub has it.
  domain::ShipGroup group(ShipGroupId group) { return at(kHub).replica().ship_group(group); }
  /// Over all places of the store.
  std::int64_t on_hand(int article);
  /// Exceptions of refunds, at all sites: milli, and whether the first was elsewhere.
  struct Contested {
    std::string site;
    std::int64_t milli = 0;
    bool elsewhere = false;
    friend bool operator==(const Contested&, const Contested&) = default;
  };
  std::vector<Contested> contested();

  /// Every replica is octet for octet what the hub is, and no invariant is broken.
  void check_same_everywhere();

 private:
  /// The last order's number.
  [[nodiscard]] std::string receipt() const;
  void run(Duration duration);
  void hear(int endpoint);

  Course course_;
  World world_;
  int orders_ = 0;
  OrderId order_;
};

/// What the second record of a kind, or any one, caused: for comparing.
std::vector<domain::ShipGroupException::Kind> kinds_of(const domain::ShipGroup& group);

}  // namespace cairn::sim
