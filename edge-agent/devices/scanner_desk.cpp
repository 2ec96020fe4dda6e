#include "edge-agent/devices/scanner_desk.h"

#include "core/storage/session_table.h"
#include "edge-agent/devices/open_all.h"
#include "edge-agent/workflows/scans.h"
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

/// Whose read it is.
Result<Operator> operator_at(storage::UnitOfWork& work, const std::string& station, UtcTime now) {
  if (station.empty()) {
    return fail(ErrorCode::kRejected, "unbound_scanner",
                "this scanner belongs to no station; nothing was changed");
  }
  const auto session = storage::station_session(work.connection(), station, now);
  if (!session) {
    return fail(ErrorCode::kRejected, "nobody_signed_in",
                fmt::format("nobody is signed in at station {}; nothing was changed", station));
  }
  return Operator{session->user, station};
}

}  // namespace

ScannerDesk::ScannerDesk(DeviceBoard& board, Env env, AgentCore& core, SaleSearch& sales,
                         runtime::SseHub& stream, Driver driver)
    : board_(&board),
      env_(env),
      core_(&core),
      sales_(&sales),
      stream_(&stream),
      scanners_([this, driver = std::move(driver)](const devices::DeviceConfig& device) {
        return driver(device, *this, env_.clock);
      }) {}

Result<> ScannerDesk::open() {
  return open_all(*board_, "scanner",
                  [this](const devices::DeviceConfig& device) { return claim(device); });
}

void ScannerDesk::release(const std::string& scanner) {
  scanners_.release(scanner);
  is_awaited(scanner, fail(ErrorCode::kUnavailable, "no_read",
                           fmt::format("{} was closed before it read anything", scanner)));
}

void ScannerDesk::close() {
  scanners_.close();
  for (const DeviceBoard::Status& status : board_->statuses()) release(status.settings.device.name);
}

void ScannerDesk::keep_next_read(const std::string& scanner) {
  const std::scoped_lock lock(mutex_);
  awaited_.try_emplace(scanner);
}

Result<Barcode> ScannerDesk::next_read(const std::string& scanner, Duration within) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, within, [this, &scanner] { return awaited_[scanner].has_value(); });
  const auto answer = std::move(awaited_.extract(scanner).mapped());
  if (answer) return *answer;
  return fail(ErrorCode::kUnavailable, "no_read",
              fmt::format("{} read nothing within {} s", scanner,
                          std::chrono::duration_cast<std::chrono::seconds>(within).count()));
}

bool ScannerDesk::is_awaited(const std::string& scanner, Result<Barcode> read) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = awaited_.find(scanner);
    if (found == awaited_.end() || found->second) return false;
    found->second = std::move(read);
  }
  changed_.notify_all();
  return true;
}

void ScannerDesk::on_scan(devices::Scan scan) {
  const DeviceSettings settings = board_->on_read(scan.device);
  const Read read{scan.device, settings.station,
                  parse_barcode(scan.sent, scan.aim.value_or(settings.aim)), scan.at,
                  env_.clock.utc_now()};
  if (is_awaited(scan.device, read.barcode)) return;
  post(read, [this, read] { handle(read); });
}

void ScannerDesk::on_failed_read(devices::FailedRead failed) {
  const Error why = failed_read(failed.reason);
  const Read read{failed.device,
                  board_->on_failed_read(failed.device, why.message).station,
                  {},
                  failed.at,
                  env_.clock.utc_now()};
  if (is_awaited(failed.device, fail(why))) return;
  post(read, [this, read, why] { tell(fail(why), read); });
}

void ScannerDesk::post(const Read& read, Executor::Task task) {
  if (const auto posted = env_.executor.post(std::move(task)); !posted) {
    env_.metrics.count("reads_refused_total");
    tell(fail(ErrorCode::kUnavailable, "busy", "the service is overloaded; not saved, scan again"),
         read);
  }
}

void ScannerDesk::handle(const Read& read) {
  core_->writer().submit<ScanVerdict>(
      [this, read](storage::UnitOfWork& work) -> Result<ScanVerdict> {
        const auto by = operator_at(work, read.station, env_.clock.utc_now());
        if (!by) return fail(by.error());
        return take_scan(work, core_->pick(), *by, read.barcode);
      },
      [this, read](const Result<ScanVerdict>& verdict) {
        if (!verdict && verdict.error().reason == "unknown_sale") {
          ask_hub(read);
        } else {
          tell(verdict, read);
        }
      });
}

void ScannerDesk::ask_hub(const Read& read) {
  sales_->search(read.barcode.data, [this, read](const Result<bool>& found) {
    if (!found) return tell(fail(found.error()), read);
    core_->writer().submit<ScanVerdict>(
        [this, read](storage::UnitOfWork& work) -> Result<ScanVerdict> {
          const auto by = operator_at(work, read.station, env_.clock.utc_now());
          if (!by) return fail(by.error());
          return take_scan(work, core_->pick(), *by, read.barcode);
        },
        [this, read](const Result<ScanVerdict>& verdict) { tell(verdict, read); });
  });
}

void ScannerDesk::tell(const Result<ScanVerdict>& verdict, const Read& read) {
  const Duration took = env_.clock.mono_now() - read.at;
  if (verdict) {
    env_.metrics.observe_ms("scan_to_commit_ms",
                            std::chrono::duration<double, std::milli>(took).count());
  } else {
    env_.metrics.count("rejections_total", 1, fmt::format("reason=\"{}\"", verdict.error().reason));
  }
  ReadContext context{read.station, read.device, read.barcode.data, took};
  if (!read.barcode.data.empty()) {
    context.scan = TypedScan{read.barcode, "", read.device, read.read_at,
                             measure_of(core_->measures(), read.barcode)};
  }
  stream_->publish("verdict", verdict_json(verdict, context).dump());
}

}  // namespace cairn::agent
