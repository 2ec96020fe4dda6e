#include "central/backup/backup_service.h"

#include "core/storage/safe_marks.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::central {
namespace {

constexpr int kStepPages = 256;  // 1 MiB: a step takes about as long as a commit
constexpr Duration kBetweenSteps = std::chrono::milliseconds(2);
constexpr Duration kTryAgain = std::chrono::minutes(10);
constexpr Duration kLookForVerdict = std::chrono::milliseconds(50);

}  // namespace

std::string_view name_of(BackupConfig::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"unset", "none", "folder"};
  return kNames.at(static_cast<std::size_t>(kind));
}

BackupService::BackupService(Env env, storage::Writer& writer, storage::Connection& source,
                             BackupConfig config, Verify verify, Safe on_safe)
    : env_(env),
      writer_(&writer),
      source_(&source),
      config_(std::move(config)),
      folder_(config_.dir),
      verify_(verify),
      on_safe_(std::move(on_safe)) {}

Result<> BackupService::start(const std::string& data_dir) {
  if (config_.kind != BackupConfig::Kind::kFolder) {
    env_.log.warn("no_backup", {{"what", status().warning}});
    return {};
  }
  if (auto ok = folder_.prepare(); !ok) return ok;
  const auto files = folder_.files();
  Duration delay(0);
  {
    const std::scoped_lock lock(mutex_);
    status_.same_disk = folder_.same_disk_as(data_dir);
    if (!files.empty()) {
      status_.last = files.front().made;
      const Duration age(env_.clock.utc_now().us - files.front().made.us);
      delay = std::clamp(config_.every - age, Duration(0), config_.every);
    }
  }
  if (const auto warning = status().warning; !warning.empty()) {
    env_.log.warn("backup_warning", {{"what", warning}});
  }
  return env_.executor.post([this, delay] { plan(delay); });  // timers are the loop's own
}

void BackupService::plan(Duration delay) {
  if (planned_) env_.executor.cancel(*planned_);
  planned_ = env_.executor.after(delay, [this] {
    planned_.reset();
    if (const auto begun = begin(); !begun && begun.error().reason != "backup_running") {
      ended(begun.error().message);
    }
  });
}

Result<> BackupService::begin() {
  if (config_.kind != BackupConfig::Kind::kFolder) {
    return fail(ErrorCode::kConflict, "no_backup_dir",
                "no folder for backups is configured: set backup.dir and start the hub again");
  }
  if (status().running) {
    return fail(ErrorCode::kUnavailable, "backup_running",
                "a backup is being made; wait for its end");
  }
  file_ = folder_.file_for(env_.clock.utc_now());
  auto copy = storage::OnlineCopy::begin(*source_, file_ + std::string(storage::kCopyPart));
  if (!copy) return fail(copy.error());
  copy_ = *std::move(copy);
  {
    const std::scoped_lock lock(mutex_);
    status_.running = true;
  }
  go_on();
  return {};
}

void BackupService::go_on() {
  const auto done = copy_->step(kStepPages);
  if (!done) return ended(done.error().message);
  if (*done) return copied();
  env_.executor.after(kBetweenSteps, [this] { go_on(); });
}

void BackupService::copied() {
  copy_.reset();
  auto verify = [this, file = file_] {
    auto verdict = storage::verify_copy(file + std::string(storage::kCopyPart), file);
    const std::scoped_lock lock(mutex_);
    verdict_.emplace(std::move(verdict));
  };
  if (verify_ == Verify::kOnLoop) {
    verify();
  } else {
    verifier_.run(std::move(verify));
  }
  await_verdict();
}

void BackupService::await_verdict() {
  std::optional<Result<std::vector<EventRef>>> verdict;
  {
    const std::scoped_lock lock(mutex_);
    verdict = std::exchange(verdict_, std::nullopt);
  }
  if (verdict) return verified(*verdict);
  env_.executor.after(kLookForVerdict, [this] { await_verdict(); });
}

void BackupService::verified(const Result<std::vector<EventRef>>& heads) {
  if (!heads) return ended(heads.error().message);
  writer_->submit<bool>(
      [marks = *heads](storage::UnitOfWork& work) -> Result<bool> {
        for (const EventRef& mark : marks) storage::save_safe_mark(work.connection(), mark);
        return true;
      },
      [this, marks = *heads](const Result<bool>& saved) {
        if (!saved) return ended(saved.error().message);
        on_safe_(marks);
        ended({});
      });
}

void BackupService::ended(const std::string& problem) {
  copy_.reset();
  if (problem.empty()) {
    env_.log.info("backup_made", {{"file", file_}});
    folder_.remove_all_but(config_.keep);
  } else {
    env_.log.error("backup_failed", {{"why", problem}});
    env_.metrics.count("backups_failed_total");
    folder_.remove_parts();
  }
  {
    const std::scoped_lock lock(mutex_);
    status_.running = false;
    status_.problem = problem;
    if (problem.empty()) status_.last = env_.clock.utc_now();
  }
  plan(problem.empty() ? config_.every : std::min(config_.every, kTryAgain));
}

std::string BackupService::warning_of(const BackupStatus& status) const {
  switch (config_.kind) {
    case BackupConfig::Kind::kUnset:
      return "no backup is configured: devices keep all they ever wrote, because a broken disk "
             "here would lose it; set backup.dir";
    case BackupConfig::Kind::kWaived:
      return "backup.dir is \"none\": what devices have purged is lost if this disk breaks";
    case BackupConfig::Kind::kFolder:
      break;
  }
  if (!status.problem.empty()) return "the last backup failed: " + status.problem;
  if (!status.last) return "no backup was made yet";
  const Duration age(env_.clock.utc_now().us - status.last->us);
  if (age > config_.every * 2) return "the last backup is too old: " + status.last->text();
  if (status.same_disk) {
    return "the backups are on the database's own disk: one broken disk loses both";
  }
  return {};
}

std::vector<storage::CopyFile> BackupService::files() const {
  if (config_.kind != BackupConfig::Kind::kFolder) return {};
  return folder_.files();
}

BackupStatus BackupService::status() const {
  BackupStatus status;
  {
    const std::scoped_lock lock(mutex_);
    status = status_;
  }
  status.warning = warning_of(status);
  return status;
}

}  // namespace cairn::central
