#include "core/domain/product/product.h"

#include "core/base/utf8.h"

#include <algorithm>

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad(const char* why) { return fail(ErrorCode::kInvalid, "bad_product", why); }

Result<> check_parts(const Product& kit) {
  if (kit.parts.empty()) return {};
  if (kit.uom != Uom::kPiece) return bad("a kit is sold in pieces");
  if (kit.parts.size() > Product::kMaxParts) return bad("a kit has at most 50 parts");
  const auto same = [](const KitPart& a, const KitPart& b) { return !(a.sku < b.sku); };
  if (std::ranges::adjacent_find(kit.parts, same) != kit.parts.end()) {
    return bad("each part of a kit is told once, by SKU");
  }
  for (const KitPart& part : kit.parts) {
    if (part.sku == kit.sku) return bad("a kit is no part of itself");
    if (part.units < 1 || part.units > KitPart::kMaxUnits) {
      return bad("a kit has 1 to 1000 units of each part");
    }
  }
  return {};
}

}  // namespace

Result<> validate(const Product& product) {
  if (product.sku.text().empty()) return bad("a product needs a SKU");
  if (product.name.empty() || product.name.size() > 200 || !is_utf8(product.name)) {
    return bad("a product's name has 1 to 200 octets of UTF-8");
  }
  if (product.gtins.size() > Product::kMaxGtins) return bad("a product has at most 16 GTINs");
  if (product.unit_weight_mg < 0) return bad("a weight cannot be negative");
  if (product.price && product.price->minor < 0) return bad("a price cannot be negative");
  if (product.category.size() > Product::kMaxCategory || !is_utf8(product.category)) {
    return bad("a product's category has at most 64 octets of UTF-8");
  }
  return check_parts(product);
}

}  // namespace cairn::domain
