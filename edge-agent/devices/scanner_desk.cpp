#include "edge-agent/devices/scanner_desk.h"

#include "core/program/shapes.h"
#include "core/storage/session_table.h"
#include "edge-agent/workflows/verdict.h"

#include <fmt/format.h>

namespace cairn::agent {
namespace {

Error failed_read(devices::FailedRead::Reason reason) {
  if (reason == devices::FailedRead::Reason::kTooLong) {
    return {ErrorCode::kRejected, "read_too_long",
            "the code is longer than 256 characters; nothing was changed"};
  }
  return {ErrorCode::kRejected, "read_incomplete",
          "the code was not read to its end; nothing was changed, scan again"};
}

/// Whose read it is, and what it does.
Result<PickVerdict> work_on(storage::UnitOfWork& work, Pick& pick, const std::string& station,
                            const Barcode& barcode, UtcTime now) {
  if (station.empty()) {
    return fail(ErrorCode::kRejected, "unbound_scanner",
                "this scanner belongs to no station; nothing was changed");
  }
  const auto session = storage::station_session(work.connection(), station, now);
  if (!session) {
    return fail(ErrorCode::kRejected, "nobody_signed_in",
                fmt::format("nobody is signed in at station {}; nothing was changed", station));
  }
  return pick.scan(work, {session->user, station}, barcode);
}

}  // namespace

ScannerDesk::ScannerDesk(std::vector<DeviceSettings> settings, Env env, AgentCore& core,
                         runtime::SseHub& stream)
    : env_(env), core_(&core), stream_(&stream) {
  for (DeviceSettings& one : settings) {
    const std::string name = one.device.name;
    statuses_[name].settings = std::move(one);
    statuses_[name].detail = "not tried yet";
  }
}

Result<> ScannerDesk::open() {
  std::string problems;
  for (const Status& status : statuses()) {
    auto scanner = devices::open_scanner(status.settings.device, *this, env_.clock);
    if (scanner) {
      scanners_.push_back(*std::move(scanner));
    } else {
      problems += (problems.empty() ? "" : "; ") + scanner.error().message;
    }
  }
  if (problems.empty()) return {};
  return fail(ErrorCode::kInvalid, "bad_device", problems);
}

std::vector<ScannerDesk::Status> ScannerDesk::statuses() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Status> all;
  for (const auto& [name, status] : statuses_) all.push_back(status);
  return all;
}

DeviceSettings ScannerDesk::settings_of(const std::string& device) const {
  const std::scoped_lock lock(mutex_);
  return statuses_.at(device).settings;
}

void ScannerDesk::on_scan(devices::Scan scan) {
  {
    const std::scoped_lock lock(mutex_);
    Status& status = statuses_.at(scan.device);
    ++status.reads;
    status.last_read_at = env_.clock.utc_now();
  }
  const std::string device = scan.device;
  const MonoTime at = scan.at;
  post(device, at, [this, scan = std::move(scan)] { handle(scan); });
}

void ScannerDesk::on_failed_read(devices::FailedRead read) {
  {
    const std::scoped_lock lock(mutex_);
    ++statuses_.at(read.device).failed_reads;
  }
  post(read.device, read.at, [this, read] {
    tell(fail(failed_read(read.reason)), read.device, settings_of(read.device).station, "",
         read.at);
  });
}

void ScannerDesk::on_state(devices::StateChange change) {
  {
    const std::scoped_lock lock(mutex_);
    Status& status = statuses_.at(change.device);
    status.state = change.state;
    status.detail = change.detail;
  }
  const bool online = change.state == devices::DeviceState::kOnline;
  env_.log.info("device_state", {{"device", change.device},
                                 {"state", std::string(name_of(change.state))},
                                 {"detail", change.detail}});
  env_.metrics.gauge("device_up", online ? 1 : 0, fmt::format("device=\"{}\"", change.device));
  for (const Status& status : statuses()) {
    if (status.settings.device.name == change.device) {
      stream_->publish("device", device_json(status).dump());
    }
  }
}

void ScannerDesk::post(const std::string& device, MonoTime at, Executor::Task task) {
  if (const auto posted = env_.executor.post(std::move(task)); !posted) {
    env_.metrics.count("reads_refused_total");
    tell(fail(ErrorCode::kUnavailable, "busy", "the service is overloaded; not saved, scan again"),
         device, settings_of(device).station, "", at);
  }
}

void ScannerDesk::handle(const devices::Scan& scan) {
  const DeviceSettings settings = settings_of(scan.device);
  const Barcode barcode = parse_barcode(scan.sent, settings.aim);
  core_->writer().submit<PickVerdict>(
      [this, barcode, station = settings.station](storage::UnitOfWork& work) {
        return work_on(work, core_->pick(), station, barcode, env_.clock.utc_now());
      },
      [this, barcode, device = scan.device, station = settings.station,
       at = scan.at](const Result<PickVerdict>& verdict) {
        tell(verdict, device, station, barcode.data, at);
      });
}

void ScannerDesk::tell(const Result<PickVerdict>& verdict, const std::string& device,
                       const std::string& station, const std::string& code, MonoTime since) {
  const Duration took = env_.clock.mono_now() - since;
  if (verdict) {
    env_.metrics.observe_ms("scan_to_commit_ms",
                            std::chrono::duration<double, std::milli>(took).count());
  } else {
    env_.metrics.count("rejections_total", 1, fmt::format("reason=\"{}\"", verdict.error().reason));
  }
  stream_->publish("verdict", verdict_json(verdict, {station, device, code, took}).dump());
}

json::Value device_json(const ScannerDesk::Status& status) {
  const devices::DeviceConfig& device = status.settings.device;
  auto object = json::Value::object();
  object.set("name", device.name)
      .set("kind", device.kind)
      .set("url", device.url)
      .set("protocol", device.protocol)
      .set("station", status.settings.station)
      .set("state", name_of(status.state))
      .set("detail", status.detail)
      .set("reads", status.reads)
      .set("failed_reads", status.failed_reads);
  program::set_or_null(
      object, "last_read_at",
      status.last_read_at ? std::optional(status.last_read_at->text()) : std::nullopt);
  return object;
}

}  // namespace cairn::agent
