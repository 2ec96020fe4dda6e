#include "core/storage/second_copy.h"

#include "core/storage/log_reader.h"
#include "core/storage/sqlite/statement.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace cairn::storage {
namespace {

tl::unexpected<Error> bad_copy(const std::string& what) {
  return fail(ErrorCode::kCorrupt, "bad_copy", "the copy is not what was written: " + what);
}

/// What SQLite finds wrong; empty: nothing.
std::string integrity_problem(Connection& copy) {
  Statement& check = copy.prepare("PRAGMA integrity_check(1)");
  std::string said;
  check.bind();
  while (check.step()) said = check.text(0);
  return said == "ok" ? std::string() : said;
}

Result<std::vector<EventRef>> read_back(const std::string& part) {
  auto copy = Connection::open_copy(part);
  if (!copy) return bad_copy(copy.error().message);
  try {
    if (const auto what = integrity_problem(*copy); !what.empty()) return bad_copy(what);
    std::vector<EventRef> heads;
    for (const AuthorVerification& author : verify_log(*copy)) {
      if (author.first_bad_seq) {
        return bad_copy(fmt::format("record {} of {} does not follow the one before it",
                                    *author.first_bad_seq, author.node.value().text()));
      }
      heads.push_back({author.node, author.inc, author.head});
    }
    return heads;
  } catch (const SqlFailure& failure) {
    return bad_copy(failure.message);
  }
}

/// errno tells why not.
bool sync_file(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  return ::close(file) == 0 && synced;
}

}  // namespace

Result<std::vector<EventRef>> verify_copy(const std::string& part, const std::string& file) {
  auto heads = read_back(part);
  if (!heads) return heads;
  const std::string folder = std::filesystem::path(file).parent_path().string();
  const bool kept = sync_file(part, O_RDONLY) && ::rename(part.c_str(), file.c_str()) == 0 &&
                    sync_file(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (kept) return heads;
  return fail(
      ErrorCode::kUnavailable, "copy_failed",
      fmt::format("cannot keep the copy {}: {}", file, std::generic_category().message(errno)));
}

}  // namespace cairn::storage
