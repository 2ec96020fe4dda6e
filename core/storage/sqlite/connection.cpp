#include "core/storage/sqlite/connection.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/page_checks.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace cairn::storage {
namespace {

constexpr int kBusyTimeoutMs = 2000;

SqlFailure failure_of(sqlite3* handle, int code) {
  SqlFailure failure;
  if ((code & 0xFF) == SQLITE_CONSTRAINT) failure.kind = SqlFailure::Kind::kConstraint;
  const bool corrupt = (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB ||
                       code == SQLITE_IOERR_DATA;  // a page whose checksum is wrong
  if (corrupt) failure.kind = SqlFailure::Kind::kCorrupt;
  if ((code & 0xFF) == SQLITE_FULL) failure.kind = SqlFailure::Kind::kFull;
  failure.message = fmt::format("SQLite {}: {}", code, sqlite3_errmsg(handle));
  return failure;
}

}  // namespace

Error SqlFailure::error() const {
  switch (kind) {
    case Kind::kConstraint:
      return {ErrorCode::kInternal, "constraint", message};
    case Kind::kFull:
      return {ErrorCode::kUnavailable, kDiskFull,
              "the disk is full; nothing was saved: free some space and repeat (" + message + ")"};
    case Kind::kCorrupt:
      return {ErrorCode::kCorrupt, "database_corrupt",
              "the database file is damaged or none at all: " + message};
    case Kind::kOther:
      return {ErrorCode::kUnavailable, "storage_failed", "not saved: " + message};
  }
  return {ErrorCode::kInternal, "storage_failed", message};
}

void Connection::Close::operator()(sqlite3* handle) const { sqlite3_close(handle); }

Connection::Connection(sqlite3* handle) : handle_(handle) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&& other) noexcept {
  statements_.clear();  // before the handle they belong to
  handle_ = std::move(other.handle_);
  statements_ = std::move(other.statements_);
  return *this;
}
Connection::~Connection() { statements_.clear(); }

Result<Connection> Connection::open(const std::string& path, int flags,
                                    const std::string& pragmas) {
  // Statistics that nobody reads would cost a lock at every allocation.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);  // an error: the library was used before, and stays as it is
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, page_check_vfs());
  Connection connection(raw);
  if (code != SQLITE_OK) {
    return fail(ErrorCode::kUnavailable, "database_unavailable",
                fmt::format("cannot open {}: {}", path, sqlite3_errstr(code)));
  }
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  int reserved = kPageCheckSize;  // of a database that is begun, or written anew
  sqlite3_file_control(raw, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  try {
    connection.execute(pragmas.c_str());
  } catch (const SqlFailure& failure) {
    if (failure.kind == SqlFailure::Kind::kCorrupt) return fail(failure.error());
    return fail(ErrorCode::kUnavailable, "database_unavailable",
                fmt::format("cannot open {}: {}", path, failure.message));
  }
  return connection;
}

Result<Connection> Connection::open_writer(const std::string& path, Durability durability) {
  const char* const synchronous = durability == Durability::kFull ? "FULL" : "OFF";
  auto connection =
      open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
           fmt::format("PRAGMA cell_size_check=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous={};"
                       "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                       "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=8388608;"
                       "PRAGMA cache_size=-8192;",
                       synchronous));
  if (!connection) return connection;
  int checked = 1;
  sqlite3_file_control(connection->handle_.get(), "main", kAskPageChecks, &checked);
  if (checked == 0) {  // of a version that had none: written anew with them, once
    try {
      connection->execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
    } catch (const SqlFailure& failure) {
      return fail(failure.error());
    }
  }
  return connection;
}

Result<Connection> Connection::open_reader(const std::string& path) {
  auto connection = open(path, SQLITE_OPEN_READWRITE,
                         "PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0;"
                         "PRAGMA cell_size_check=ON;"
                         "PRAGMA trusted_schema=OFF; PRAGMA cache_size=-2048;");
  // A closing reader must not checkpoint either: SQLite up to 3.51.2 can corrupt a WAL that is
  // reset while another connection checkpoints it.
  if (connection) {
    sqlite3_db_config(connection->handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  return connection;
}

Result<Connection> Connection::open_copy(const std::string& path) {
  return open(path, SQLITE_OPEN_READWRITE,
              "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; PRAGMA trusted_schema=OFF;"
              "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8192;");
}

Statement& Connection::prepare(std::string_view sql) {
  // Looked up for every row that is written: the key keeps its memory from call to call.
  thread_local std::string key;
  key.assign(sql);
  auto& slot = statements_[key];
  if (!slot) slot = std::make_unique<Statement>(handle_.get(), sql);
  slot->reset();
  return *slot;
}

void Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw failure_of(handle_.get(), code);
}

void Connection::roll_back() {
  if (sqlite3_get_autocommit(handle_.get()) == 0) execute("ROLLBACK");
}

void Connection::checkpoint() {
  // Busy readers only mean that less is written back now.
  sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

void Connection::void_failed_commit() {
  // A COMMIT whose sync failed may have left its whole transaction in the WAL, where the next start
  // would find it. Another one, written in its place, makes an end of it; it changes nothing.
  try {
    roll_back();
    Statement& version = prepare("PRAGMA user_version");
    const std::int64_t number = version.step() ? version.integer(0) : 0;
    version.reset();
    execute(fmt::format("PRAGMA user_version={}", number).c_str());
  } catch (const SqlFailure&) {
    return;  // the disk takes nothing at all any more
  }
}

std::int64_t Connection::changes() const { return sqlite3_changes64(handle_.get()); }
std::int64_t Connection::total_changes() const { return sqlite3_total_changes64(handle_.get()); }

void Statement::Finalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Statement::Statement(sqlite3* connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  handle_.reset(raw);
  check(code);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw failure_of(connection_, code);
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const SqlFailure failure = failure_of(connection_, code);
    reset();
    throw failure;
  }
  reset();
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

void Statement::bind_null(int index) { check(sqlite3_bind_null(handle_.get(), index)); }

void Statement::bind_integer(int index, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), index, value));
}

void Statement::bind_text(int index, std::string_view value) {
  // A null pointer would bind NULL; an empty text is a value.
  const char* const data = value.data() == nullptr ? "" : value.data();
  check(
      sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_blob(int index, BytesView value) {
  const char* const data = value.data() == nullptr ? "" : value.data();
  check(sqlite3_bind_blob64(handle_.get(), index, data, value.size(), SQLITE_TRANSIENT));
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::uint64_t Statement::unsigned_integer(int column) const {
  return static_cast<std::uint64_t>(integer(column));
}

std::string_view Statement::text_view(int column) const {
  const auto* const data = sqlite3_column_text(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr ? std::string_view()
                         : std::string_view(reinterpret_cast<const char*>(data),
                                            static_cast<std::size_t>(size));
}

std::string Statement::text(int column) const { return std::string(text_view(column)); }

Bytes Statement::blob(int column) const {
  const void* const data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr ? Bytes()
                         : Bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

Uuid Statement::uuid(int column) const {
  const auto parsed = Uuid::from_bytes(blob(column));
  CAIRN_ASSERT(parsed.has_value(), "a stored id has 16 octets");
  return *parsed;
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::optional<std::int64_t> Statement::optional_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

}  // namespace cairn::storage
