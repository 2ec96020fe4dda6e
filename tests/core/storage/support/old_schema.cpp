#include "tests/core/storage/support/old_schema.h"

#include "core/base/assert.h"
#include "core/storage/migrate.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cairn::storage::test {

void make_old_database(Connection& connection, int version) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(CAIRN_SCHEMA)) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path().string());
  }
  std::ranges::sort(files);
  CAIRN_ASSERT(static_cast<std::size_t>(version) <= files.size(), "a schema that existed");
  for (int step = 0; step < version; ++step) {
    connection.execute(read_file(files[static_cast<std::size_t>(step)]).c_str());
  }
  connection.execute(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, version)
          .c_str());
}

void copy_log(Connection& to, const std::string& path) {
  to.execute(fmt::format("ATTACH '{}' AS newer", path).c_str());
  to.execute("DELETE FROM meta");
  for (const char* const table :
       {"meta", "author", "feed", "event_log", "quarantine", "business_key", "product",
        "product_gtin", "facility", "location", "staff", "node", "stock_cell", "stock_movement"}) {
    // Columns that came later are at the end, and not of the log.
    const std::string columns =
        rows_of(to,
                fmt::format("SELECT group_concat(name) FROM (SELECT name FROM"
                            " pragma_table_info('{}') ORDER BY cid)",
                            table),
                1);
    to.execute(
        fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM newer.{0}", table, columns).c_str());
  }
  to.execute("DELETE FROM meta WHERE name = 'rebuild'; DETACH newer");
}

}  // namespace cairn::storage::test
