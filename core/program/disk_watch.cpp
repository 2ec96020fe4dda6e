#include "core/program/disk_watch.h"

#include "core/base/assert.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace cairn::program {
namespace {

constexpr Duration kMeasureEvery = std::chrono::seconds(10);
constexpr std::string_view kBallastName = "ballast";
constexpr std::uint64_t kOpening = 1U << 20U;  ///< octets that opening a database may need
/// Without a ballast: so much free room ends "full".
constexpr std::uint64_t kRoomAgain = 16U << 20U;
constexpr std::uint64_t kMiB = 1U << 20U;

}  // namespace

std::string DiskStatus::sentence() const {
  const std::string figures = fmt::format("{} MiB used of {} MiB, {} MiB free on the disk",
                                          use.used / kMiB, room / kMiB, use.free / kMiB);
  switch (level) {
    case storage::DiskLevel::kFull:
      return "the disk is full: free some space; " + figures;
    case storage::DiskLevel::kCritical:
    case storage::DiskLevel::kShort:
      return "the disk is almost full: free some space; " + figures;
    case storage::DiskLevel::kTight:
    case storage::DiskLevel::kAmple:
      break;
  }
  return figures;
}

DiskWatch::DiskWatch(Env env, std::string folder, StorageConfig config)
    : env_(env),
      folder_(std::move(folder)),
      config_(config),
      ballast_(fmt::format("{}/{}", folder_, kBallastName), config.ballast) {}

void DiskWatch::before_open() {
  const auto use = storage::disk_use(folder_, kBallastName);
  if (use && use->free < kOpening) full_ = ballast_.release() || full_;
}

void DiskWatch::start(storage::Writer& writer) {
  writer_ = &writer;
  writer.on_full([this] { return make_room(); });
  measure();
  const auto posted = env_.executor.post([this] { tick(); });
  CAIRN_ASSERT(posted.has_value(), "an idle loop takes its first tasks");
}

void DiskWatch::tick() {
  measure();
  env_.executor.after(kMeasureEvery, [this] { tick(); });
}

void DiskWatch::measure() {
  auto use = storage::disk_use(folder_, kBallastName);
  if (use) use->reusable = writer_->reusable_bytes();
  if (!use) {
    env_.log.warn("disk_not_measured", {{"why", use.error().message}});
    return;
  }
  // The ballast must not be what fills the disk: as much as its size stays free beside it.
  const std::uint64_t enough = config_.ballast == 0 ? kRoomAgain : 2 * config_.ballast;
  if (!ballast_.held() && use->free >= enough) {
    const auto held = ballast_.hold();
    if (!held) env_.log.warn("no_ballast", {{"why", held.error().message}});
    if (held && std::exchange(full_, false)) env_.log.info("disk_has_room", {});
  }
  DiskStatus status;
  status.use = *use;
  status.room = storage::room_of(*use, config_.budget);
  status.level = full_ ? storage::DiskLevel::kFull : storage::level_of(*use, config_.budget);
  status.ballast_held = ballast_.held();
  note(status);
}

/// A commit found the disk full.
bool DiskWatch::make_room() {
  const bool freed = ballast_.release();
  if (!std::exchange(full_, true) || freed) {
    env_.log.error("disk_full",
                   {{"what", freed ? "the ballast is given up, work is saved again for a while: "
                                     "free some space"
                                   : "nothing can be saved: free some space"}});
  }
  measure();
  return freed;
}

void DiskWatch::note(DiskStatus status) {
  env_.metrics.gauge("disk_used_bytes", static_cast<std::int64_t>(status.use.used));
  env_.metrics.gauge("disk_room_bytes", static_cast<std::int64_t>(status.room));
  env_.metrics.gauge("disk_free_bytes", static_cast<std::int64_t>(status.use.free));
  env_.metrics.gauge("disk_level", static_cast<std::int64_t>(status.level));
  storage::DiskLevel before{};
  {
    const std::scoped_lock lock(mutex_);
    before = std::exchange(status_, status).level;
  }
  if (before == status.level || status.level == storage::DiskLevel::kFull) return;
  const bool pressing = status.level >= storage::DiskLevel::kShort;
  env_.log.write(pressing ? LogLevel::kWarn : LogLevel::kInfo, "disk_level",
                 {{"level", std::string(name_of(status.level))}, {"what", status.sentence()}});
}

DiskStatus DiskWatch::status() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

}  // namespace cairn::program
