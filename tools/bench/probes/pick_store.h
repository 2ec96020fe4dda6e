#pragma once
// A site with many claimed pick tasks, so that a unit can be picked for as long as a probe wants.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tools/bench/probes/machine.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace cairn::bench {

struct Pick {
  std::uint64_t group = 0;
  std::uint32_t line = 0;         ///< from 1
  std::int64_t before_milli = 0;  ///< picked of the line so far

  [[nodiscard]] ShipGroupId group_id() const;
  [[nodiscard]] LocationCode bin() const;
  [[nodiscard]] std::uint64_t sku() const { return group * 13 + line; }
};

/// Hands out picks to one caller; a group is one caller's. `next_group`: shared by all callers.
class Picks {
 public:
  static constexpr std::uint32_t kLines = 10;
  static constexpr std::uint32_t kUnits = 4;
  static constexpr std::uint64_t kPerGroup = kLines * kUnits;

  explicit Picks(std::atomic<std::uint64_t>& next_group) : next_group_(&next_group) {}
  Pick next();

 private:
  std::atomic<std::uint64_t>* next_group_;
  std::uint64_t group_ = 0;
  std::uint64_t done_ = kPerGroup;
};

inline constexpr const char* kStation = "bench-1";
SiteId pick_site();
NodeId pick_node();
UserId picker();

/// Puts `groups` groups there, claimed, and some stock into every bin.
void set_up_picks(program::Database& database, std::uint64_t groups);

}  // namespace cairn::bench
