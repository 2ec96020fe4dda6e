#include "edge-agent/devices/device_board.h"

#include "core/program/shapes.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::agent {
namespace {

constexpr std::string_view kNotTried = "not tried yet";
constexpr std::string_view kReleased =
    "released: other programs can use it; claim it to work with it here";

std::optional<std::string> text_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->text()) : std::nullopt;
}

json::Value labels_json(const DeviceBoard::Status& status) {
  if (status.settings.device.kind != "printer") return {};
  const DeviceStatistics& statistics = status.statistics;
  auto object = json::Value::object();
  return object.set("under_way", statistics.under_way)
      .set("done", statistics.labels_done)
      .set("failed", statistics.labels_failed)
      .set("unknown", statistics.labels_unknown);
}

json::Value fault_json(const std::optional<DeviceFault>& fault) {
  if (!fault) return {};
  auto object = json::Value::object();
  return object.set("locus", name_of(fault->locus))
      .set("response", name_of(fault->response))
      .set("sentence", fault->sentence)
      .set("at", fault->at.text());
}

}  // namespace

DeviceBoard::DeviceBoard(const std::vector<DeviceSettings>& settings, Env env,
                         runtime::SseHub& stream)
    : env_(env), stream_(&stream) {
  for (const DeviceSettings& one : settings) {
    Status& status = statuses_[one.device.name];
    status.settings = one;
    status.detail = kNotTried;
    status.statistics.since = env.clock.utc_now();
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

std::optional<DeviceBoard::Status> DeviceBoard::find(const std::string& device) const {
  const std::scoped_lock lock(mutex_);
  const auto found = statuses_.find(device);
  return found == statuses_.end() ? std::nullopt : std::optional(found->second);
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
  note_state(change.device, change.state, change.detail, false);
}

void DeviceBoard::on_released(const std::string& device) {
  note_state(device, devices::DeviceState::kOffline, std::string(kReleased), true);
}

void DeviceBoard::on_claimed(const std::string& device) {
  note_state(device, devices::DeviceState::kOffline, std::string(kNotTried), false);
}

void DeviceBoard::note_state(const std::string& device, devices::DeviceState state,
                             const std::string& detail, bool released) {
  const bool online = state == devices::DeviceState::kOnline;
  bool opened = false;
  bool went_away = false;
  change(device, [&](Status& status) {
    DeviceStatistics& statistics = status.statistics;
    const bool was_online = status.state == devices::DeviceState::kOnline;
    opened = online && !was_online;
    went_away = was_online && !online && !released;
    statistics.opened += opened ? 1U : 0U;
    statistics.offline += went_away ? 1U : 0U;
    const UtcTime now = env_.clock.utc_now();
    if (status.state != state || status.released != released) statistics.since = now;
    if (!online && !released && detail != kNotTried) {
      statistics.last_fault = {DeviceFault::Locus::kDevice, DeviceFault::Response::kRetry, detail,
                               now};
    }
    status.state = state;
    status.detail = detail;
    status.released = released;
    if (!online) status.weight.reset();
  });
  const std::string_view name = released ? "released" : name_of(state);
  env_.log.info("device_state",
                {{"device", device}, {"state", std::string(name)}, {"detail", detail}});
  env_.metrics.gauge("device_up", online ? 1 : 0, fmt::format("device=\"{}\"", device));
  if (opened) count("device_opened_total", device);
  if (went_away) count("device_offline_total", device);
  publish(device);
}

DeviceSettings DeviceBoard::on_read(const std::string& scanner) {
  DeviceSettings settings;
  change(scanner, [this, &settings](Status& status) {
    ++status.reads;
    status.last_read_at = env_.clock.utc_now();
    status.statistics.last_data_at = status.last_read_at;
    settings = status.settings;
  });
  count("device_reads_total", scanner);
  return settings;
}

DeviceSettings DeviceBoard::on_failed_read(const std::string& scanner, const std::string& why) {
  DeviceSettings settings;
  change(scanner, [this, &settings, &why](Status& status) {
    ++status.failed_reads;
    status.statistics.last_fault = {DeviceFault::Locus::kInput, DeviceFault::Response::kContinue,
                                    why, env_.clock.utc_now()};
    settings = status.settings;
  });
  count("device_failed_reads_total", scanner);
  return settings;
}

void DeviceBoard::on_label_begun(const std::string& printer) {
  change(printer, [](Status& status) { ++status.statistics.under_way; });
  publish(printer);
}

void DeviceBoard::on_label_refused(const std::string& printer) {
  change(printer, [](Status& status) { --status.statistics.under_way; });
  publish(printer);
}

void DeviceBoard::on_label_ended(const devices::PrintResult& result) {
  using Outcome = devices::PrintResult::Outcome;
  change(result.device, [this, &result](Status& status) {
    DeviceStatistics& statistics = status.statistics;
    const UtcTime now = env_.clock.utc_now();
    if (statistics.under_way > 0) --statistics.under_way;
    if (result.outcome == Outcome::kDone) {
      ++statistics.labels_done;
      statistics.last_data_at = now;
      return;
    }
    ++(result.outcome == Outcome::kFailed ? statistics.labels_failed : statistics.labels_unknown);
    statistics.last_fault = {DeviceFault::Locus::kOutput, DeviceFault::Response::kClear,
                             result.detail, now};
  });
  count("device_labels_total", result.device,
        fmt::format(",outcome=\"{}\"", name_of(result.outcome)));
  publish(result.device);
}

bool DeviceBoard::begin_test(const std::string& device) {
  bool begun = false;
  change(device, [&begun](Status& status) { begun = !std::exchange(status.in_test, true); });
  if (begun) publish(device);
  return begun;
}

void DeviceBoard::end_test(const std::string& device) {
  change(device, [](Status& status) { status.in_test = false; });
  publish(device);
}

void DeviceBoard::publish(const std::string& device) const {
  // One at a time: who listens hears the newest last.
  const std::scoped_lock turn(publishes_);
  stream_->publish("device", device_json(status(device)).dump());
}

void DeviceBoard::count(std::string_view metric, const std::string& device,
                        std::string_view more_labels) const {
  env_.metrics.count(metric, 1, fmt::format("device=\"{}\"{}", device, more_labels));
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

std::string_view state_name(const DeviceBoard::Status& status) {
  return status.released ? "released" : name_of(status.state);
}

std::string_view control_state_name(const DeviceBoard::Status& status) {
  if (status.released) return "closed";
  if (status.in_test || status.statistics.under_way > 0) return "busy";
  return status.state == devices::DeviceState::kOnline ? "idle" : "error";
}

Error released_error(const std::string& device) {
  return {ErrorCode::kUnavailable, "device_released",
          fmt::format("{} is released, so that other programs can use it; nothing was done. Claim "
                      "it on the page of devices, then try again",
                      device)};
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
      .set("state", state_name(status))
      .set("control_state", control_state_name(status))
      .set("since", status.statistics.since.text())
      .set("detail", status.detail)
      .set("reads", status.reads)
      .set("failed_reads", status.failed_reads);
  program::set_or_null(object, "last_read_at", text_of(status.last_read_at));
  program::set_or_null(object, "last_data_at", text_of(status.statistics.last_data_at));
  return object.set("opened", status.statistics.opened)
      .set("went_offline", status.statistics.offline)
      .set("labels", labels_json(status))
      .set("last_error", fault_json(status.statistics.last_fault))
      .set("weight", weight_json(status.weight));
}

}  // namespace cairn::agent
