#pragma once
// What a channel can sell of a kit: as many as its parts suffice for. Any connection.

#include "central/promise/channel_stock.h"
#include "core/domain/product/product.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::central {

struct KitStock {
  struct Part {
    domain::KitPart part;
    ChannelStock stock;
  };
  struct Site {
    SiteId site;
    std::int64_t pickup_milli = 0;  ///< whole kits that can be sold to be collected there
  };
  std::vector<Part> parts;

  /// Whole kits that can be sold, to be shipped: what is in stock counts as far as sites have all
  /// parts of a kit. And of these, without what is to come.
  [[nodiscard]] std::int64_t online_milli() const;
  [[nodiscard]] std::int64_t in_stock_milli() const;
  /// Sites that could give all parts of at least one kit.
  [[nodiscard]] std::vector<Site> sites() const;
  /// When the last part of so many kits, beyond what is in stock, can be sent; nothing: not of what
  /// is known to come.
  [[nodiscard]] std::optional<UtcTime> date_for(std::int64_t milli) const;
};

}  // namespace cairn::central
