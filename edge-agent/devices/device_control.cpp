#include "edge-agent/devices/device_control.h"

#include "core/base/id_source.h"
#include "core/runtime/call.h"

#include <fmt/format.h>

#include <chrono>

namespace cairn::agent {
namespace {

constexpr Duration kReadWithin = std::chrono::seconds(15);
/// Longer than a driver takes to say how a label ended.
constexpr std::chrono::seconds kPrintWithin(45);

}  // namespace

DeviceControl::DeviceControl(DeviceBoard& board, Env env, ScannerDesk& scanners, ScaleDesk& scales,
                             PrinterDesk& printers, ReceiptDesk& receipts)
    : board_(&board),
      env_(env),
      scanners_(&scanners),
      scales_(&scales),
      printers_(&printers),
      receipts_(&receipts) {}

Result<DeviceBoard::Status> DeviceControl::found(const std::string& device) const {
  if (auto status = board_->find(device)) return *std::move(status);
  return fail(ErrorCode::kNotFound, "no_such_device",
              fmt::format("there is no device {} here; nothing was done", device));
}

Result<DeviceBoard::Status> DeviceControl::release(const std::string& device, UserId by) {
  const std::scoped_lock turn(turns_);
  const auto status = found(device);
  if (!status || status->released) return status;
  // Refused first: nothing new is begun while what is in hand ends.
  board_->on_released(device);
  close(status->settings.device);
  board_->on_released(device);  // its driver may have had a last word
  env_.log.info("device_released", {{"device", device}, {"by", by.value().text()}});
  return board_->status(device);
}

Result<DeviceBoard::Status> DeviceControl::claim(const std::string& device, UserId by) {
  const std::scoped_lock turn(turns_);
  const auto status = found(device);
  if (!status || !status->released) return status;
  board_->on_claimed(device);
  if (const auto opened = open(status->settings.device); !opened) {
    board_->on_released(device);
    return fail(opened.error());
  }
  env_.log.info("device_claimed", {{"device", device}, {"by", by.value().text()}});
  return board_->status(device);
}

Result<> DeviceControl::open(const devices::DeviceConfig& device) {
  if (device.kind == "scanner") return scanners_->claim(device);
  if (device.kind == "scale") return scales_->claim(device);
  if (device.kind == "receipt_printer") return receipts_->claim(device);
  return printers_->claim(device);
}

void DeviceControl::close(const devices::DeviceConfig& device) {
  if (device.kind == "scanner") return scanners_->release(device.name);
  if (device.kind == "scale") return scales_->release(device.name);
  if (device.kind == "receipt_printer") return receipts_->release(device.name);
  printers_->release(device.name);
}

Result<DeviceTest> DeviceControl::test(const std::string& device, UserId by) {
  const auto status = found(device);
  if (!status) return fail(status.error());
  if (status->released) return fail(released_error(device));
  if (!begin_test(status->settings.device)) {
    return fail(ErrorCode::kConflict, "device_in_test",
                fmt::format("{} is being tested already; wait for its end", device));
  }
  const auto tried = try_out(status->settings.device);
  board_->end_test(device);
  const DeviceTest test = tried ? *tried : DeviceTest{false, tried.error().message, {}, {}};
  env_.log.info(
      "device_tested",
      {{"device", device}, {"by", by.value().text()}, {"passed", test.passed ? "yes" : "no"}});
  return test;
}

bool DeviceControl::begin_test(const devices::DeviceConfig& device) {
  const std::scoped_lock turn(begins_);
  if (board_->status(device.name).in_test) return false;
  if (device.kind == "scanner") scanners_->keep_next_read(device.name);
  return board_->begin_test(device.name);
}

Result<DeviceTest> DeviceControl::try_out(const devices::DeviceConfig& device) {
  if (device.kind == "scanner") return try_scanner(device.name);
  if (device.kind == "scale") return try_scale(device.name);
  if (device.kind == "receipt_printer") return try_receipt_printer(device.name);
  return try_printer(device.name);
}

Result<DeviceTest> DeviceControl::try_scanner(const std::string& scanner) {
  const auto read = scanners_->next_read(scanner, kReadWithin);
  if (!read) return fail(read.error());
  return DeviceTest{true, "the read was taken by the test and changed nothing", *read, {}};
}

Result<DeviceTest> DeviceControl::try_scale(const std::string& scale) {
  const auto weight = scales_->weigh_on(scale);
  if (!weight) return fail(weight.error());
  const std::string said =
      weight->weight_mg == 0
          ? "it rests at zero"
          : fmt::format("it rests at {}; if nothing lies on it, zero it", weight->shown);
  return DeviceTest{true, said, {}, *weight};
}

Result<DeviceTest> DeviceControl::try_printer(const std::string& printer) {
  const auto printed = runtime::ask<std::string>(
      env_.executor, kPrintWithin, [this, &printer](const runtime::Reply<std::string>& reply) {
        printers_->print_test(printer,
                              [reply](const Result<std::string>& how) { reply.fulfil(how); });
      });
  if (!printed && printed.error().reason == "timeout") {
    return fail(ErrorCode::kUnavailable, "timeout",
                fmt::format("{} did not say in time that it has printed; look at it", printer));
  }
  if (!printed && printed.error().reason == "dropped") {
    return fail(ErrorCode::kUnavailable, "stopping",
                fmt::format("the agent is stopping; look whether {} has printed", printer));
  }
  if (!printed) return fail(printed.error());
  return DeviceTest{true, "the printer says that it has printed a test label", {}, {}};
}

Result<DeviceTest> DeviceControl::try_receipt_printer(const std::string& printer) {
  CounterJob job;
  job.id = IdSource(env_.clock, env_.random).next().text();
  job.printer = printer;
  job.what = CounterJob::What::kTest;
  const auto begun =
      runtime::call<bool>(env_.executor, kPrintWithin, [this, job]() -> Result<bool> {
        receipts_->print_test(job);
        return true;
      });
  if (!begun) return fail(begun.error());
  const auto ended = receipts_->wait(job.id, kPrintWithin);
  if (!ended || ended->state == CounterJob::State::kPrinting) {
    return fail(ErrorCode::kUnavailable, "timeout",
                fmt::format("{} did not say in time that it has printed; look at it", printer));
  }
  if (ended->state != CounterJob::State::kDone) {
    return fail(ErrorCode::kUnavailable, "not_printed", printer + ": " + ended->detail);
  }
  return DeviceTest{true, "the printer says that it has printed a test receipt", {}, {}};
}

}  // namespace cairn::agent
