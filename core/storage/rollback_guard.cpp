#include "core/storage/rollback_guard.h"

#include "core/base/numbers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace cairn::storage {
namespace {

constexpr std::string_view kTitle = "cairn-guard 1";

/// Octets of a file that are on the disk when this returns true; errno tells otherwise.
bool write_through(const std::string& path, std::string_view text, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  const bool written =
      text.empty() || ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool synced = ::fsync(file) == 0;
  return ::close(file) == 0 && written && synced;
}

}  // namespace

bool is_older(const std::vector<OwnIncarnation>& incarnations, std::uint64_t head,
              const GuardMark& mark) {
  if (incarnations.empty() || (incarnations.size() == 1 && head == 0)) return false;
  if (incarnations.back().inc == mark.inc) return mark.head > head;
  return std::none_of(incarnations.begin(), incarnations.end(),
                      [&mark](const OwnIncarnation& own) { return own.inc == mark.inc; });
}

std::optional<GuardMark> RollbackGuard::read() const {
  if (file_.empty()) return std::nullopt;
  std::ifstream in(file_);
  std::string title;
  std::string node;
  std::string inc;
  std::string head;
  const bool whole = std::getline(in, title) && std::getline(in, node) && std::getline(in, inc) &&
                     std::getline(in, head);
  if (!whole || title != kTitle || node != node_.value().text()) return std::nullopt;
  const auto inc_number = parse_unsigned(inc);
  const auto head_number = parse_unsigned(head);
  if (!inc_number || !head_number) return std::nullopt;
  return GuardMark{Incarnation(*inc_number), *head_number};
}

Result<> RollbackGuard::write(const GuardMark& mark) const {
  if (file_.empty()) return {};
  const std::string fresh = file_ + ".new";
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}\n", kTitle, node_.value().text(), mark.inc.value(), mark.head);
  const std::string folder = std::filesystem::path(file_).parent_path().string();
  const bool done = write_through(fresh, text, O_WRONLY | O_CREAT | O_TRUNC) &&
                    ::rename(fresh.c_str(), file_.c_str()) == 0 &&
                    write_through(folder.empty() ? "." : folder, "", O_RDONLY | O_DIRECTORY);
  if (done) return {};
  return fail(ErrorCode::kUnavailable, "guard_file",
              fmt::format("cannot write {}: {}; work goes on, a restored database is noticed only "
                          "when the hub is reached",
                          file_, std::generic_category().message(errno)));
}

}  // namespace cairn::storage
