#include "core/storage/rebuild.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {

Result<> rebuild_views_if_asked(Replica& replica, Log& log) {
  Connection& connection = replica.connection();
  try {
    Statement& asked = connection.prepare("SELECT 1 FROM meta WHERE name = 'rebuild'");
    const bool wanted = asked.step();
    asked.reset();
    if (!wanted) return {};
    log.info("rebuilding_views", {});
    connection.execute("BEGIN IMMEDIATE");
    replica.rebuild();
    connection.execute("DELETE FROM meta WHERE name = 'rebuild'; COMMIT");
    replica.finish_job();
  } catch (const SqlFailure& failure) {
    return fail(failure.error());
  }
  return {};
}

}  // namespace cairn::storage
