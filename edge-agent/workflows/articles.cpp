#include "edge-agent/workflows/articles.h"

#include "core/base/utf8.h"
#include "core/gs1/scan.h"

#include <fmt/format.h>

namespace cairn::agent {

std::optional<domain::Product> find_article(storage::Connection& connection,
                                            const Barcode& barcode) {
  if (const auto gtin = gs1::gtin_of(barcode)) {
    if (auto product = storage::find_product(connection, *gtin)) return product;
  }
  const auto sku = Sku::parse(barcode.data);
  return sku ? storage::find_product(connection, *sku) : std::nullopt;
}

Error unknown_item(const Barcode& barcode) {
  return {ErrorCode::kRejected, "unknown_item",
          fmt::format("no article has the code {}; nothing was changed", excerpt(barcode.data))};
}

}  // namespace cairn::agent
