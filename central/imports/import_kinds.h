#pragma once
// The importers there are; private to central/imports.

#include "central/imports/import.h"

#include <memory>

namespace cairn::central {

Result<std::unique_ptr<Importer>> make_products_importer(const CsvTable& table,
                                                         const ImportOptions& options);
Result<std::unique_ptr<Importer>> make_stock_importer(const CsvTable& table,
                                                      const ImportOptions& options);
Result<std::unique_ptr<Importer>> make_orders_importer(const CsvTable& table,
                                                       const ImportOptions& options);

}  // namespace cairn::central
