#pragma once
// Parts of evolve() that more than one of its files need, and the folds of packing and of pickup.
// Private to core/domain/fulfilment.

#include "core/domain/fulfilment/ship_group.h"

#include <algorithm>
#include <cstdint>

namespace cairn::domain::detail {

using Kind = ShipGroupException::Kind;

ShipGroupLineState* find_line(ShipGroup& group, LineNo line);
Package* find_package(ShipGroup& group, const EventRef& package);
/// Reduces what the packages hold of a line, the last package first.
void take_from_packages(ShipGroup& group, LineNo line, std::int64_t milli);

/// Units of the line have left that are known to have come back.
void take_back_early_returns(ShipGroupLineState& line);

/// Units that were to be put back have left instead: as many of the line's open put-backs are done.
std::vector<SettledPutBack> settle_put_backs(ShipGroup& group, LineNo line, std::int64_t milli);

/// Moves units between buckets, as far as they are there.
class Move {
 public:
  explicit Move(std::int64_t milli) : left_(std::max<std::int64_t>(milli, 0)) {}

  void from(std::int64_t& bucket, std::int64_t& to) {
    const std::int64_t moved = std::min(left_, bucket);
    bucket -= moved;
    to += moved;
    left_ -= moved;
    done_ += moved;
  }
  [[nodiscard]] std::int64_t done() const { return done_; }
  [[nodiscard]] std::int64_t left() const { return left_; }

 private:
  std::int64_t left_;
  std::int64_t done_ = 0;
};

// ---- fold_packing.cpp ----
void apply(ShipGroup& group, const Envelope& meta, const PackageClosed& e);
void apply(ShipGroup& group, const Envelope& meta, const LabelAssigned& e);
void apply(ShipGroup& group, const Envelope& meta, const LabelPrintStarted& e);
void apply(ShipGroup& group, const Envelope& meta, const LabelPrintEnded& e);
void apply(ShipGroup& group, const Envelope& meta, const LabelChecked& e);
void apply(ShipGroup& group, const Envelope& meta, const ShipGroupShipped& e);

// ---- fold_pickup.cpp ----
void apply(ShipGroup& group, const Envelope& meta, const PickupCodeMinted& e);
void apply(ShipGroup& group, const Envelope& meta, const PickupCodeRefused& e);
void apply(ShipGroup& group, const Envelope& meta, const HandedOver& e);
void apply(ShipGroup& group, const Envelope& meta, const HandOverUndone& e);

}  // namespace cairn::domain::detail
