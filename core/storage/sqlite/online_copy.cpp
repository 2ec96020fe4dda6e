#include "core/storage/sqlite/online_copy.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace cairn::storage {
namespace {

tl::unexpected<Error> copy_failed(const std::string& why) {
  return fail(ErrorCode::kUnavailable, "copy_failed", "cannot copy the database: " + why);
}

}  // namespace

void OnlineCopy::Finish::operator()(sqlite3_backup* handle) const { sqlite3_backup_finish(handle); }

OnlineCopy::OnlineCopy(Connection target, sqlite3_backup* handle)
    : target_(std::make_unique<Connection>(std::move(target))), handle_(handle) {}

Result<OnlineCopy> OnlineCopy::begin(Connection& source, const std::string& path) {
  // No journal and no sync: the file counts only once it was read back and synced as a whole.
  auto target = Connection::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                 "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;");
  if (!target) return copy_failed(target.error().message);
  sqlite3* const to = target->handle_.get();
  sqlite3_backup* const handle = sqlite3_backup_init(to, "main", source.handle_.get(), "main");
  if (handle == nullptr) return copy_failed(sqlite3_errmsg(to));
  return OnlineCopy(*std::move(target), handle);
}

Result<bool> OnlineCopy::step(int pages) {
  if (!handle_) return copy_failed("it failed or ended before");
  const int code = sqlite3_backup_step(handle_.get(), pages);
  pages_ = sqlite3_backup_pagecount(handle_.get());
  remaining_ = sqlite3_backup_remaining(handle_.get());
  const bool later = code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED;
  if (later) return false;
  const int finished = sqlite3_backup_finish(handle_.release());
  target_.reset();
  if (code != SQLITE_DONE || finished != SQLITE_OK) {
    const int why = code != SQLITE_DONE ? code : finished;
    return copy_failed(fmt::format("SQLite {}: {}", why, sqlite3_errstr(why)));
  }
  return true;
}

}  // namespace cairn::storage
