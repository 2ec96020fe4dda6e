#include "core/domain/product/product.h"

#include "core/base/utf8.h"

namespace cairn::domain {

Result<> validate(const Product& product) {
  const auto bad = [](const char* why) { return fail(ErrorCode::kInvalid, "bad_product", why); };
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
  return {};
}

}  // namespace cairn::domain
