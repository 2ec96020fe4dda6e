#include "device-drivers/epl/epl_printer.h"

#include "device-drivers/epl/epl_encoder.h"
#include "device-drivers/labels/label_layout.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::devices {
namespace {

constexpr Duration kPartWithin = std::chrono::seconds(1);
constexpr std::string_view kNeverSays = "it does not say how it is: labels have to be looked at";
constexpr std::string_view kLook =
    "it does not say whether the label is printed: look, also whether it has paper";

Result<std::string> epl_of_parcel(const ParcelLabel& label) {
  const auto page = lay_out(label);
  if (!page) return fail(page.error());
  return epl_of(*page);
}

}  // namespace

EplPrinter::EplPrinter(EplPrinterConfig config, std::unique_ptr<Connector> connector,
                       PrinterSink& sink, const Clock& clock)
    : config_(std::move(config)),
      sink_(sink),
      clock_(clock),
      connector_(watched(std::move(connector), news_)),
      state_news_(config_.name),
      thread_(*this, news_, config_.look_every, clock) {}

Result<> EplPrinter::print(PrintJob job) {
  if (thread_.add(std::move(job))) return {};
  return fail(ErrorCode::kUnavailable, "printer_busy",
              fmt::format("printer {} has {} labels to print already; nothing was printed",
                          config_.name, JobThread<PrintJob>::kJobsMost));
}

void EplPrinter::work_on(const PrintJob& job) {
  const End end = print_one(job);
  sink_.on_printed({config_.name, job.id, end.outcome, end.detail});
}

void EplPrinter::give_back(const PrintJob& job) {
  sink_.on_printed({config_.name, job.id, Outcome::kFailed,
                    "the printer was closed before it; nothing was printed"});
}

/// Leaves the connection closed, so that others can print, too.
void EplPrinter::look() {
  if (const auto connection = connect()) {
    (*connection)->finish(in(kPartWithin), thread_.stop(), clock_);
  }
}

EplPrinter::End EplPrinter::print_one(const PrintJob& job) {
  const auto epl = epl_of_parcel(job.label);
  if (!epl) return nothing_printed(epl.error().message);
  const auto connection = connect();
  if (!connection) return nothing_printed(connection.error().message);
  const auto sent = (*connection)->send(*epl, in(config_.take_within), thread_.stop(), clock_);
  (*connection)->finish(in(config_.take_within), thread_.stop(), clock_);
  if (sent.none()) return nothing_printed(sent.problem);
  return {Outcome::kUnknown, sent.all ? std::string(kLook) : sent.part_of(epl->size())};
}

EplPrinter::End EplPrinter::nothing_printed(std::string_view why) {
  return {Outcome::kFailed, fmt::format("{}; nothing was printed", why)};
}

Result<std::unique_ptr<ByteConnection>> EplPrinter::connect() {
  auto connection = connector_->connect(in(config_.connect_within), thread_.stop(), clock_);
  if (!connection) {
    report(DeviceState::kOffline, connection.error().message);
    return connection;
  }
  if (const std::string why = (*connection)->trouble(thread_.stop(), clock_); !why.empty()) {
    report(DeviceState::kOffline, why);
    return fail(ErrorCode::kUnavailable, "printer_trouble", why);
  }
  report(DeviceState::kOnline, std::string(kNeverSays));
  return connection;
}

void EplPrinter::report(DeviceState state, const std::string& detail) {
  if (thread_.is_stopping()) return;
  if (auto change = state_news_.of(state, detail)) sink_.on_state(*std::move(change));
}

}  // namespace cairn::devices
