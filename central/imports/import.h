#pragma once
// An import: a CSV file taken over row by row. Good rows are kept, bad rows are listed, the same
// file again changes nothing, and a dry run says the same without changing anything. Loop only, but
// for begin().

#include "central/imports/csv_table.h"
#include "core/base/ids.h"
#include "core/storage/unit_of_work.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cairn::central {

/// What became of a row.
enum class RowOutcome : std::uint8_t {
  kCreated,
  kChanged,
  kUnchanged,      ///< it was imported before
  kPartly,         ///< some of what it asks for was done
  kWithoutEffect,  ///< a good row, but there is nothing it could act on
  kRejected,       ///< a bad row
};

/// "created", "changed", "unchanged", "partly", "without_effect", "rejected".
std::string_view name_of(RowOutcome outcome);

/// A row that somebody should look at.
struct RowProblem {
  std::int64_t line = 0;
  RowOutcome outcome = RowOutcome::kRejected;
  std::string reason;   ///< stable word
  std::string message;  ///< a sentence
};

struct RowResult {
  RowOutcome outcome = RowOutcome::kUnchanged;
  std::string reason;
  std::string message;

  static RowResult of(RowOutcome outcome) { return {outcome, "", ""}; }
  static RowResult rejected(const Error& error) {
    return {RowOutcome::kRejected, error.reason, error.message};
  }
};

struct ImportOptions {
  bool dry_run = false;
  bool recount = false;            ///< stock: count again what was imported before
  std::string channel = "import";  ///< orders: where they were placed
  UserId actor;
};

/// One kind of file.
class Importer {
 public:
  virtual ~Importer() = default;
  /// Takes over a row (or all rows of an order at its first one). Called once for each row, in
  /// order.
  virtual RowResult take(storage::UnitOfWork& work, const CsvRow& row) = 0;
};

enum class ImportKind : std::uint8_t { kProducts, kStock, kOrders };

/// "products", "stock", "orders".
std::string_view name_of(ImportKind kind);

/// Errors: kInvalid "bad_csv" (a column that is needed is missing). The table outlives the
/// importer. Any thread.
Result<std::unique_ptr<Importer>> make_importer(ImportKind kind, const CsvTable& table,
                                                const ImportOptions& options);

}  // namespace cairn::central
