#include "edge-agent/devices/device_board.h"

#include "core/program/shapes.h"

#include <fmt/format.h>

namespace cairn::agent {

DeviceBoard::DeviceBoard(const std::vector<DeviceSettings>& settings, Env env,
                         runtime::SseHub& stream)
    : env_(env), stream_(&stream) {
  for (const DeviceSettings& one : settings) {
    Status& status = statuses_[one.device.name];
    status.settings = one;
    status.detail = "not tried yet";
  }
}

std::vector<DeviceBoard::Status> DeviceBoard::statuses() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Status> all;
  for (const auto& [name, status] : statuses_) all.push_back(status);
  return all;
}

DeviceBoard::Status DeviceBoard::status(const std::string& device) const {
  const std::scoped_lock lock(mutex_);
  return statuses_.at(device);
}

std::optional<std::string> DeviceBoard::device_of(std::string_view kind,
                                                  const std::string& station) const {
  std::optional<std::string> shared;
  int shared_count = 0;
  const std::scoped_lock lock(mutex_);
  for (const auto& [name, status] : statuses_) {
    if (status.settings.device.kind != kind) continue;
    if (!station.empty() && status.settings.station == station) return name;
    if (!status.settings.station.empty()) continue;
    shared = name;
    ++shared_count;
  }
  return shared_count == 1 ? shared : std::nullopt;
}

void DeviceBoard::change(const std::string& device, const std::function<void(Status&)>& change) {
  const std::scoped_lock lock(mutex_);
  change(statuses_.at(device));
}

void DeviceBoard::on_state(const devices::StateChange& change) {
  this->change(change.device, [&change](Status& status) {
    status.state = change.state;
    status.detail = change.detail;
    if (change.state == devices::DeviceState::kOffline) status.weight.reset();
  });
  const bool online = change.state == devices::DeviceState::kOnline;
  env_.log.info("device_state", {{"device", change.device},
                                 {"state", std::string(name_of(change.state))},
                                 {"detail", change.detail}});
  env_.metrics.gauge("device_up", online ? 1 : 0, fmt::format("device=\"{}\"", change.device));
  stream_->publish("device", device_json(status(change.device)).dump());
}

json::Value weight_json(const std::optional<devices::WeightReading>& weight) {
  if (!weight) return {};
  auto object = json::Value::object();
  object.set("state", name_of(weight->state));
  const bool stable = weight->state == devices::WeightReading::State::kStable;
  if (stable) {
    object.set("weight_mg", weight->weight_mg).set("shown", weight->shown);
  } else {
    object.set_null("weight_mg").set_null("shown");
  }
  return object;
}

json::Value device_json(const DeviceBoard::Status& status) {
  const devices::DeviceConfig& device = status.settings.device;
  auto object = json::Value::object();
  object.set("name", device.name)
      .set("kind", device.kind)
      .set("url", device.url)
      .set("protocol", device.protocol)
      .set("station", status.settings.station)
      .set("drawer", device.drawer)
      .set("state", name_of(status.state))
      .set("detail", status.detail)
      .set("reads", status.reads)
      .set("failed_reads", status.failed_reads);
  program::set_or_null(
      object, "last_read_at",
      status.last_read_at ? std::optional(status.last_read_at->text()) : std::nullopt);
  return object.set("weight", weight_json(status.weight));
}

}  // namespace cairn::agent
