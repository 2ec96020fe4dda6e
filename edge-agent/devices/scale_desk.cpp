#include "edge-agent/devices/scale_desk.h"

#include "edge-agent/devices/open_all.h"

#include <fmt/format.h>

#include <chrono>

namespace cairn::agent {
namespace {

constexpr Duration kWatch = std::chrono::seconds(15);
constexpr Duration kWeighWithin = std::chrono::seconds(3);

tl::unexpected<Error> no_weight(const std::string& scale,
                                const std::optional<devices::WeightReading>& last) {
  using State = devices::WeightReading::State;
  const State state = last ? last->state : State::kUnstable;
  if (state == State::kOver) {
    return fail(ErrorCode::kRejected, "weight_over",
                fmt::format("{}: more lies on it than it can weigh", scale));
  }
  if (state == State::kUnder) {
    return fail(ErrorCode::kRejected, "weight_under",
                fmt::format("{}: less than nothing; take everything off and zero it", scale));
  }
  return fail(
      ErrorCode::kRejected, "weight_unstable",
      fmt::format("{}: the weight does not come to rest; let go of it and try again", scale));
}

}  // namespace

ScaleDesk::ScaleDesk(DeviceBoard& board, Env env, Driver driver)
    : board_(&board),
      env_(env),
      scales_([this, driver = std::move(driver)](const devices::DeviceConfig& device) {
        return driver(device, *this, env_.clock);
      }) {}

Result<> ScaleDesk::open() {
  return open_all(*board_, "scale",
                  [this](const devices::DeviceConfig& device) { return claim(device); });
}

Result<> ScaleDesk::claim(const devices::DeviceConfig& scale) {
  if (auto opened = scales_.claim(scale); !opened) return opened;
  // Somebody may have been looking before it was open.
  const std::scoped_lock lock(mutex_);
  const auto until = watched_until_.find(scale.name);
  if (until != watched_until_.end() && env_.clock.mono_now() <= until->second) {
    scales_.use(scale.name, [](devices::Scale& one) { one.watch(true); });
  }
  return {};
}

void ScaleDesk::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  scales_.close();
}

Result<std::string> ScaleDesk::scale_of(const std::string& station) const {
  if (auto scale = board_->device_of("scale", station)) return *std::move(scale);
  return fail(ErrorCode::kNotFound, "no_scale", fmt::format("station {} has no scale", station));
}

void ScaleDesk::keep_watching(const std::string& scale) {
  const std::scoped_lock lock(mutex_);
  watched_until_[scale] = env_.clock.mono_now() + kWatch;
  scales_.use(scale, [](devices::Scale& one) { one.watch(true); });
}

Result<> ScaleDesk::watch(const std::string& station) {
  const auto scale = scale_of(station);
  if (!scale) return fail(scale.error());
  keep_watching(*scale);
  return {};
}

Result<devices::WeightReading> ScaleDesk::weigh(const std::string& station) {
  const auto scale = scale_of(station);
  if (!scale) return fail(scale.error());
  return weigh_on(*scale);
}

Result<devices::WeightReading> ScaleDesk::weigh_on(const std::string& scale) {
  const MonoTime asked = env_.clock.mono_now();
  keep_watching(scale);
  const auto stable = [asked](const std::optional<devices::WeightReading>& reading) {
    return reading && reading->state == devices::WeightReading::State::kStable &&
           reading->at >= asked;
  };
  DeviceBoard::Status status;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kWeighWithin, [this, &status, &scale, &stable] {
      status = board_->status(scale);
      return stable(status.weight) || status.state == devices::DeviceState::kOffline || closing_;
    });
  }
  if (stable(status.weight)) return *status.weight;
  if (status.released) return fail(released_error(scale));
  if (status.state == devices::DeviceState::kOffline) {
    return fail(ErrorCode::kUnavailable, "scale_offline",
                fmt::format("{}: {}", scale, status.detail));
  }
  return no_weight(scale, status.weight);
}

void ScaleDesk::on_weight(devices::WeightReading reading) {
  const std::string scale = reading.device;
  bool news = false;
  board_->change(scale, [this, &news, &reading](DeviceBoard::Status& status) {
    const auto& before = status.weight;
    news = !before || before->state != reading.state || before->shown != reading.shown;
    if (reading.state == devices::WeightReading::State::kStable) {
      status.statistics.last_data_at = env_.clock.utc_now();
    }
    status.weight = std::move(reading);
  });
  const bool over = end_watch(scale);
  changed_.notify_all();
  if (news) board_->publish(scale);
  if (over) board_->change(scale, [](DeviceBoard::Status& status) { status.weight.reset(); });
}

bool ScaleDesk::end_watch(const std::string& scale) {
  const std::scoped_lock lock(mutex_);
  const auto until = watched_until_.find(scale);
  if (until != watched_until_.end() && env_.clock.mono_now() <= until->second) return false;
  scales_.use(scale, [](devices::Scale& one) { one.watch(false); });
  return true;
}

void ScaleDesk::on_state(devices::StateChange change) {
  board_->on_state(change);
  // Who waits has looked before, and waits by now, or will see it.
  {
    const std::scoped_lock lock(mutex_);
  }
  changed_.notify_all();
}

}  // namespace cairn::agent
