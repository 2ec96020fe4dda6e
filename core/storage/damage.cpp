#include "core/storage/damage.h"

#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/page_checks.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/wal_look.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace cairn::storage {
namespace {

namespace fs = std::filesystem;

std::string suspicion_file(const std::string& path) { return path + ".suspect"; }
std::string move_file(const std::string& path) { return path + ".moving"; }

/// Why SQLite does not take the database for sound; reads all of it.
std::optional<std::string> refuted(const std::string& path) {
  auto opened = Connection::open_writer(path, Connection::Durability::kFull);
  if (!opened) {
    if (opened.error().code != ErrorCode::kCorrupt) return std::nullopt;
    return opened.error().message;
  }
  try {
    Statement& check = opened->prepare("PRAGMA quick_check(1)");
    const std::string found = check.step() ? check.text(0) : "";
    check.reset();
    if (found == "ok") return std::nullopt;
    return found;
  } catch (const SqlFailure& failure) {
    if (failure.kind != SqlFailure::Kind::kCorrupt) return std::nullopt;
    return failure.message;
  }
}

tl::unexpected<Error> cannot_move(const std::string& path) {
  return fail(ErrorCode::kUnavailable, "storage_failed",
              fmt::format("cannot move the damaged database {} aside: {}", path,
                          std::generic_category().message(errno)));
}

bool sync_folder(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  const int file =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool synced = ::fsync(file) == 0;
  return ::close(file) == 0 && synced;
}

bool write_synced(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = ::fsync(file) == 0;
  return ::close(file) == 0 && written && synced && sync_folder(path);
}

bool rename_if_there(const std::string& from, const std::string& to) {
  return !fs::exists(from) || ::rename(from.c_str(), to.c_str()) == 0;
}

/// The log first: a new database beside it would take it for its own.
bool complete_move(const std::string& path, const std::string& aside) {
  std::error_code ignored;
  if (fs::exists(aside)) {  // moved: what is here was begun anew
    fs::remove(path, ignored);
    fs::remove(path + "-wal", ignored);
  } else if (!rename_if_there(path + "-wal", aside + "-wal") || !sync_folder(path) ||
             !rename_if_there(path, aside)) {
    return false;
  }
  fs::remove(path + "-shm", ignored);
  fs::remove(path + "-journal", ignored);
  fs::remove(suspicion_file(path), ignored);
  return sync_folder(path);
}

std::string compact(UtcTime now) {
  std::string text = now.text().substr(0, 19);  // 2026-11-26T05:45:00
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + "Z";
}

}  // namespace

std::optional<std::string> damage_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (error || size == 0) return std::nullopt;
  const WalLook wal = look_at_wal(path + "-wal");
  if (wal.commits_lost) return "its write-ahead log is damaged: commits in it cannot be read";
  const bool suspected = fs::exists(suspicion_file(path));
  if (!suspected && size > kLookedAtWhole) return std::nullopt;
  std::vector<std::uint32_t> bad = bad_pages(path);
  std::erase_if(bad, [&wal](std::uint32_t page) { return wal.pages.contains(page); });
  if (!bad.empty() || suspected) {
    if (const auto why = refuted(path)) {
      if (bad.empty()) return *why;
      return fmt::format("{} of its pages are damaged, page {} first: {}", bad.size(), bad.front(),
                         *why);
    }
    fs::remove(suspicion_file(path), error);
  }
  return std::nullopt;
}

void note_suspicion(const std::string& path) {
  std::ofstream(suspicion_file(path)) << "a page could not be read\n";
}

std::function<void(const Error&)> suspecting(std::string path,
                                             std::function<void(const Error&)> on_fatal) {
  return [path = std::move(path), on_fatal = std::move(on_fatal)](const Error& error) {
    if (error.reason == "database_corrupt") note_suspicion(path);
    on_fatal(error);
  };
}

Result<std::string> move_aside(const std::string& path, UtcTime now) {
  std::string aside = path + ".damaged-" + compact(now);
  for (int again = 2; fs::exists(aside); ++again) {
    aside = fmt::format("{}.damaged-{}-{}", path, compact(now), again);
  }
  if (!write_synced(move_file(path), aside)) return cannot_move(path);
  if (!complete_move(path, aside)) return cannot_move(path);
  return aside;
}

Result<std::optional<std::string>> unfinished_move(const std::string& path) {
  std::ifstream in(move_file(path));
  std::string aside;
  if (!std::getline(in, aside)) return std::optional<std::string>();
  if (!complete_move(path, aside)) return cannot_move(path);
  return std::optional(aside);
}

Result<> finish_move(const std::string& path) {
  std::error_code error;
  fs::remove(move_file(path), error);
  if (error || !sync_folder(path)) return cannot_move(path);
  return {};
}

}  // namespace cairn::storage
