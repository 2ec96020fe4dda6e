#pragma once
// Product: what is sold, as the hub defines it. Merge rule: the hub is the only writer; the last
// definition in the catalogue feed holds.

#include "core/base/gtin.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/quantity.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::domain {

/// So many units of an article in each piece of a kit.
struct KitPart {
  Sku sku;
  std::int64_t units = 1;  ///< 1 to kMaxUnits

  static constexpr std::int64_t kMaxUnits = 1000;
  friend bool operator==(const KitPart&, const KitPart&) = default;
};

struct Product {
  Sku sku;
  std::string name;         ///< 1-200 octets UTF-8
  std::vector<Gtin> gtins;  ///< at most kMaxGtins; any of them scans as this product
  Uom uom = Uom::kPiece;
  std::int64_t unit_weight_mg = 0;  ///< 0: not known
  std::optional<Money> price;       ///< list price of one unit
  bool active = true;
  bool hazmat = false;     ///< dangerous goods
  std::string category{};  ///< for rules that look at it: at most kMaxCategory octets; empty: none
  std::vector<KitPart> parts{};  ///< a kit: sold as one, kept as these; by SKU; empty: no kit

  static constexpr std::size_t kMaxGtins = 16;
  static constexpr std::size_t kMaxCategory = 64;
  static constexpr std::size_t kMaxParts = 50;

  friend bool operator==(const Product&, const Product&) = default;
};

struct ProductDefined {
  static constexpr std::uint32_t kTypeId = 10;
  Product product;
  friend bool operator==(const ProductDefined&, const ProductDefined&) = default;
};

/// Checks a definition before it becomes an event. Errors: kInvalid "bad_product" with a sentence.
Result<> validate(const Product& product);

}  // namespace cairn::domain
