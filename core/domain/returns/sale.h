#pragma once
// What was sold of one ship group, as far as it can be brought back: what a return counter needs of
// a group, also of another site's. Pure data.

#include "core/domain/returns/return_ledger.h"

#include <string>
#include <vector>

namespace cairn::domain {

struct SaleLine {
  SoldLine sold;
  std::vector<Gtin> gtins;
  friend bool operator==(const SaleLine&, const SaleLine&) = default;
};

struct Sale {
  ShipGroupId group;
  OrderId order;
  std::string order_reference;
  std::vector<SaleLine> lines;

  [[nodiscard]] const SaleLine* find(LineNo line) const;
  /// Over all lines.
  [[nodiscard]] std::int64_t sold_milli() const;
  friend bool operator==(const Sale&, const Sale&) = default;
};

/// The group as the sale it became; lines of which nothing was sold have 0.
Sale sale_of(const ShipGroup& group);

/// "(00)" in front of the 18 digits of an SSCC, as a GS1 label has it, is cut off.
std::string label_number(std::string_view text);

}  // namespace cairn::domain
