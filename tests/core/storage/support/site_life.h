#pragma once
// What people at a site and at head office do all day, at random: commands that a device may accept
// by what it knows, and facts that no decision stood in front of.

#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::storage::test {

class SiteLife {
 public:
  /// Two ship groups of site "store": the first is shipped, the second picked up.
  static constexpr std::uint64_t kGroups = 2;

  explicit SiteLife(sim::SimRandom& random) : random_(&random) {}

  /// What really happened: a property that holds because nothing happens proves nothing.
  struct Tally {
    int records = 0;
    int refused = 0;
  };
  Tally tally;

  /// The next group is given to the site, unless all are.
  void allocate(Store& hub);
  [[nodiscard]] bool all_allocated() const { return allocated_ == kGroups; }
  /// Head office cancels, sends codes, moves stock, hears of returns.
  void act_at_hub(Store& hub);
  /// One command or fact at a device.
  void act(Store& device);

 private:
  std::uint64_t any(std::int64_t least, std::int64_t most) {
    return static_cast<std::uint64_t>(random_->between(least, most));
  }
  LineNo any_line() { return LineNo(static_cast<std::uint32_t>(random_->between(1, 2))); }
  EventRef any_ref();

  void command(Store& device);
  bool try_command(Store& device);
  domain::ShipGroupCommand any_command(const domain::ShipGroup& group);
  domain::ShipGroupCommand next_command(const domain::ShipGroup& group);
  domain::ShipGroupCommand next_label(const domain::ShipGroup& group);
  domain::ShipGroupCommand picking(const domain::ShipGroup& group, const std::string& station);
  domain::ShipGroupCommand packing(const domain::ShipGroup& group);
  domain::ShipGroupCommand at_counter();
  bool take_return(Store& device);
  void write_fact(Store& device);
  domain::ShipGroupEvent any_fact();
  domain::ReturnTaken any_return();
  domain::StockEvent any_stock_event();

  sim::SimRandom* random_;
  std::uint64_t allocated_ = 0;
  std::uint64_t serials_ = 0;  ///< of labels: each is used once
};

}  // namespace cairn::storage::test
