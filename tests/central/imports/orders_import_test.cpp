// The job that takes rows of a file may run twice (core/storage/writer.h): the second time it says
// and does the same. What each row means: tests/e2e/test_imports.py.

#include "central/imports/import.h"
#include "core/storage/projections/orders.h"
#include "core/storage/projections/reference_data.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

#include <string>
#include <tuple>
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

TEST_CASE("orders import: what is told of a delivery, of lines and of articles is kept",
          "[central][import]") {
  Hub hub;
  hub.take("products", "sku,name,hazmat,category\nA2,Spirit,yes,solvents\n");
  const auto product = storage::find_product(hub.replica().connection(), storage::test::sku("A2"));
  REQUIRE(product);
  CHECK(product->hazmat);
  CHECK(product->category == "solvents");
  hub.take("orders",
           "order_id,line,sku,quantity,price,currency,ordered_at,priority,shipping_method,"
           "delivery_days,ship_after,ship_by,promised_at,country,country_code,together\n"
           "1,1,A1,1,1,EUR,2026-11-01T10:00:00Z,3,EXPRESS,1,2026-11-02T10:00:00Z,"
           "2026-11-03T10:00:00Z,2026-11-04T10:00:00Z,a name is passed over,FR,8\n"
           "2,1,A1,1,1,EUR,2026-11-01T10:00:00Z,,,,,,,,,\n");
  auto& connection = hub.replica().connection();
  const auto told = storage::find_order(connection, "import", "1");
  REQUIRE(told);
  const domain::Delivery expected{3,
                                  "EXPRESS",
                                  1,
                                  UtcTime::parse("2026-11-02T10:00:00Z").value(),
                                  UtcTime::parse("2026-11-03T10:00:00Z").value(),
                                  UtcTime::parse("2026-11-04T10:00:00Z").value(),
                                  "FR"};
  CHECK(told->delivery == expected);
  CHECK(storage::order_lines(connection, told->id)[0].line.together == 8);
  const auto untold = storage::find_order(connection, "import", "2");
  REQUIRE(untold);
  CHECK(untold->delivery == domain::Delivery{});

  for (const auto& [column, field, reason] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"priority", "1001", "bad_number"},
           {"priority", "-1", "bad_number"},
           {"delivery_days", "soon", "bad_number"},
           {"ship_by", "tomorrow", "bad_time"},
           {"country_code", "fr", "bad_order"},
           {"shipping_method", "NEXT DAY", "bad_order"},
           {"together", "4294967296", "bad_number"}}) {
    CAPTURE(column, field);
    const auto table =
        CsvTable::parse("order_id,line,sku,quantity,price,currency,ordered_at," + column +
                        "\n9,1,A1,1,1,EUR,2026-11-01T10:00:00Z," + field + "\n");
    REQUIRE(table);
    const auto importer = make_importer(ImportKind::kOrders, *table, {});
    REQUIRE(importer);
    CHECK(hub.rows(**importer, *table, 0, 1, true) ==
          std::vector<std::string>{"rejected " + reason});
  }
  CHECK_FALSE(storage::find_order(connection, "import", "9"));
}

}  // namespace
}  // namespace cairn::central::orders_import_test
