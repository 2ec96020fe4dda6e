#include "tools/bench/raw/raw_database.h"

#include <cstdio>
#include <cstdlib>

namespace cairn::bench::raw {
namespace {

void check(bool good, const char* why) {
  if (good) return;
  std::fputs(why, stderr);
  std::fputs("\n", stderr);
  std::exit(1);
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) {
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
  check(code == SQLITE_OK, sqlite3_errmsg(database));
}

Statement& Statement::integer(int place, std::int64_t value) {
  sqlite3_bind_int64(handle_, place, value);
  return *this;
}

Statement& Statement::text(int place, std::string_view value) {
  sqlite3_bind_text(handle_, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}

Statement& Statement::blob(int place, std::string_view value) {
  sqlite3_bind_blob(handle_, place, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}

Statement& Statement::null(int place) {
  sqlite3_bind_null(handle_, place);
  return *this;
}

void Statement::run() {
  while (sqlite3_step(handle_) == SQLITE_ROW) {
  }
  const int code = sqlite3_reset(handle_);
  check(code == SQLITE_OK, sqlite3_errmsg(sqlite3_db_handle(handle_)));
}

Database::Database(const std::string& file) {
  check(sqlite3_open(file.c_str(), &handle_) == SQLITE_OK, "cannot open the raw database");
  execute(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
      "PRAGMA journal_size_limit=8388608; PRAGMA cache_size=-8192;");
}

void Database::execute(const char* sql) {
  check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK,
        sqlite3_errmsg(handle_));
}

}  // namespace cairn::bench::raw
