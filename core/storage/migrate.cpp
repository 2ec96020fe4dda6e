#include "core/storage/migrate.h"

#include "core/storage/sqlite/statement.h"

#include "newest_schema.h"
#include "schema_files.h"

#include <fmt/format.h>

namespace cairn::storage {
namespace {

std::int64_t pragma(Connection& writer, const char* name) {
  Statement& statement = writer.prepare(fmt::format("PRAGMA {}", name));
  const std::int64_t value = statement.step() ? statement.integer(0) : 0;
  statement.reset();
  return value;
}

bool is_empty(Connection& writer) {
  Statement& statement = writer.prepare("SELECT count(*) FROM sqlite_schema");
  const bool empty = statement.step() && statement.integer(0) == 0;
  statement.reset();
  return empty;
}

void run_step(Connection& writer, const EmbeddedFile& file, int version) {
  writer.execute("BEGIN IMMEDIATE");
  try {
    writer.execute(std::string(file.text).c_str());
    writer.execute(
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, version)
            .c_str());
    writer.execute("COMMIT");
  } catch (const SqlFailure& failure) {
    writer.execute("ROLLBACK");
    throw SqlFailure{failure.kind, fmt::format("schema {}: {}", file.name, failure.message)};
  }
}

}  // namespace

int schema_version() { return static_cast<int>(schema_files().size()); }

Result<> migrate(Connection& writer) {
  try {
    const auto version = pragma(writer, "user_version");
    const bool ours = pragma(writer, "application_id") == kApplicationId;
    if (ours ? version < 1 : version != 0 || !is_empty(writer)) {
      return fail(ErrorCode::kCorrupt, "not_ours", "the database belongs to another program");
    }
    if (version > schema_version()) {
      return fail(
          ErrorCode::kCorrupt, "database_too_new",
          fmt::format("the database has schema {}, this program knows {}: install the newer "
                      "version; nothing was changed",
                      version, schema_version()));
    }
    if (version == 0) run_step(writer, newest_schema().front(), schema_version());
    for (auto step = static_cast<std::size_t>(pragma(writer, "user_version"));
         step < schema_files().size(); ++step) {
      run_step(writer, schema_files()[step], static_cast<int>(step) + 1);
    }
  } catch (const SqlFailure& failure) {
    return fail(failure.error());
  }
  return {};
}

}  // namespace cairn::storage
