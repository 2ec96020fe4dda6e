// The job that takes rows of a file may run twice (core/storage/writer.h): the second time it says
// and does the same. What each row means: tests/e2e/test_imports.py.

#include "central/imports/import.h"
#include "core/storage/projections/orders.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::central::orders_import_test {
namespace {

using storage::UnitOfWork;
using storage::test::node;

struct Hub : storage::test::Store {
  Hub() : Store(storage::test::hub_identity(node(77))) {
    take("products", "sku,name,price,currency\nA1,Pencil,1.50,EUR\n");
  }
  /// Rows `from` to `to`; undone if `keep` is not set.
  std::vector<std::string> rows(Importer& importer, const CsvTable& table, std::size_t from,
                                std::size_t to, bool keep) {
    std::vector<std::string> outcomes;
    const auto done = job([&](UnitOfWork& work) -> Result<bool> {
      for (std::size_t i = from; i < to; ++i) {
        const RowResult result = importer.take(work, table.rows().at(i));
        outcomes.push_back(std::string(name_of(result.outcome)) + " " + result.reason);
      }
      if (keep) return true;
      return fail(ErrorCode::kRejected, "another_job", "it has to run again");
    });
    CHECK(done.has_value() == keep);
    return outcomes;
  }
  void take(const std::string& kind, const std::string& text) {
    const auto table = CsvTable::parse(text);
    REQUIRE(table);
    const auto importer =
        make_importer(kind == "products" ? ImportKind::kProducts : ImportKind::kOrders, *table, {});
    REQUIRE(importer);
    rows(**importer, *table, 0, table->rows().size(), true);
  }
};

constexpr const char* kOrders =
    "order_id,kind,line,sku,quantity,price,currency,customer_id,ordered_at\n"
    "1001,order,1,A1,3,1.50,EUR,c1,2026-11-01T10:00:00Z\n"
    "1001,order,2,A1,2,1.50,EUR,c1,2026-11-01T10:00:00Z\n"
    "1002,cancellation,1,A1,-4,1.50,EUR,c1,2026-11-02T10:00:00Z\n"
    "1003,cancellation,1,A1,-1,1.50,EUR,c1,2026-11-03T10:00:00Z\n";

TEST_CASE("orders import: a job that runs again says the same", "[central][import]") {
  for (const bool dry_run : {false, true}) {
    CAPTURE(dry_run);
    Hub hub;
    const auto table = CsvTable::parse(kOrders);
    REQUIRE(table);
    ImportOptions options;
    options.dry_run = dry_run;
    const auto importer = make_importer(ImportKind::kOrders, *table, options);
    REQUIRE(importer);
    std::vector<std::string> all;
    for (const auto& [from, to] : {std::pair<std::size_t, std::size_t>(0, 1), {1, 4}}) {
      const auto first = hub.rows(**importer, *table, from, to, false);
      const auto again = hub.rows(**importer, *table, from, to, true);
      CHECK(first == again);
      all.insert(all.end(), again.begin(), again.end());
    }
    CHECK(all == std::vector<std::string>{"created ", "created ", "created ", "created "});
    Hub once;
    const auto fresh = make_importer(ImportKind::kOrders, *table, options);
    REQUIRE(fresh);
    CHECK(once.rows(**fresh, *table, 0, 4, true) == all);
  }
}

}  // namespace
}  // namespace cairn::central::orders_import_test
