#include "central/imports/import.h"

#include "central/imports/import_kinds.h"
#include "core/base/assert.h"

namespace cairn::central {

std::string_view name_of(RowOutcome outcome) {
  switch (outcome) {
    case RowOutcome::kCreated:
      return "created";
    case RowOutcome::kChanged:
      return "changed";
    case RowOutcome::kUnchanged:
      return "unchanged";
    case RowOutcome::kPartly:
      return "partly";
    case RowOutcome::kWithoutEffect:
      return "without_effect";
    case RowOutcome::kRejected:
      return "rejected";
  }
  return "";
}

std::string_view name_of(ImportKind kind) {
  switch (kind) {
    case ImportKind::kProducts:
      return "products";
    case ImportKind::kStock:
      return "stock";
    case ImportKind::kOrders:
      return "orders";
  }
  return "";
}

Result<std::unique_ptr<Importer>> make_importer(ImportKind kind, const CsvTable& table,
                                                const ImportOptions& options) {
  switch (kind) {
    case ImportKind::kProducts:
      return make_products_importer(table, options);
    case ImportKind::kStock:
      return make_stock_importer(table, options);
    case ImportKind::kOrders:
      return make_orders_importer(table, options);
  }
  CAIRN_ASSERT(false, "every kind has its importer");
}

}  // namespace cairn::central
