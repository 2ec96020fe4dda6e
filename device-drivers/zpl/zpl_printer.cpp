#include "device-drivers/zpl/zpl_printer.h"

#include "device-drivers/network/tcp_connection.h"
#include "device-drivers/zpl/parcel_label.h"
#include "device-drivers/zpl/status_dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

/// Between two looks whether a label is printed: soon at first, then ever less often.
constexpr Duration kFirstPoll = std::chrono::milliseconds(20);
constexpr Duration kLastPoll = std::chrono::milliseconds(200);
constexpr Duration kPartWithin = std::chrono::seconds(1);
constexpr std::string_view kMute = "it does not say how it is";

}  // namespace

ZplPrinter::ZplPrinter(ZplPrinterConfig config, PrinterSink& sink, const Clock& clock)
    : ZplPrinter(config, std::make_unique<TcpConnector>(config.address), sink, clock) {}

ZplPrinter::ZplPrinter(ZplPrinterConfig config, std::unique_ptr<Connector> connector,
                       PrinterSink& sink, const Clock& clock)
    : config_(std::move(config)),
      sink_(sink),
      clock_(clock),
      connector_(watched(std::move(connector), news_)),
      state_news_(config_.name),
      thread_(*this, news_, config_.look_every, clock) {}

Result<> ZplPrinter::print(PrintJob job) {
  if (thread_.add(std::move(job))) return {};
  return fail(ErrorCode::kUnavailable, "printer_busy",
              fmt::format("printer {} has {} labels to print already; nothing was printed",
                          config_.name, JobThread<PrintJob>::kJobsMost));
}

void ZplPrinter::work_on(const PrintJob& job) {
  const End end = print_one(job);
  sink_.on_printed({config_.name, job.id, end.outcome, end.detail});
}

void ZplPrinter::give_back(const PrintJob& job) {
  sink_.on_printed({config_.name, job.id, Outcome::kFailed,
                    "the printer was closed before it; nothing was printed"});
}

/// Leaves the connection closed, so that others can print, too.
void ZplPrinter::look() {
  auto connection = connect();
  if (!connection) return;
  StatusDialogue dialogue = begin(*std::move(connection));
  if (const auto status = ask(dialogue); !status) {
    report(DeviceState::kOffline, status.error().message);
  } else {
    // Some printers never answer, and many do not while they cannot print.
    report_status(*status);
    part(dialogue);
  }
}

ZplPrinter::End ZplPrinter::print_one(const PrintJob& job) {
  const auto zpl = zpl_of(job.label);
  if (!zpl) return nothing_printed(zpl.error().message);
  auto connection = connect();
  if (!connection) return nothing_printed(connection.error().message);
  StatusDialogue dialogue = begin(*std::move(connection));
  const auto before = ask(dialogue);
  if (!before) return nothing_printed(before.error().message);
  report_status(*before);
  End end;
  const std::string fault =
      *before ? (*before)->fault() : dialogue.connection().trouble(thread_.stop(), clock_);
  if (!fault.empty()) {
    end = nothing_printed(fault);
  } else {
    end = send(dialogue, *zpl, before->has_value());
  }
  part(dialogue);
  return end;
}

ZplPrinter::End ZplPrinter::send(StatusDialogue& dialogue, std::string_view zpl, bool answers) {
  const auto sent =
      dialogue.connection().send(zpl, in(config_.take_within), thread_.stop(), clock_);
  if (sent.none()) return nothing_printed(sent.problem);
  if (!sent.all) return {Outcome::kUnknown, sent.part_of(zpl.size())};
  dialogue.expect_news();
  return confirm(dialogue, answers);
}

ZplPrinter::End ZplPrinter::confirm(StatusDialogue& dialogue, bool answers) {
  const MonoTime until = in(answers ? config_.print_within : config_.answer_within * 2);
  std::string last(kMute);
  Duration poll = kFirstPoll;
  do {
    const auto status = ask(dialogue);
    if (!status) return {Outcome::kUnknown, status.error().message};
    report_status(*status);
    if (*status) {
      last = (*status)->fault();
      if (last.empty() && (*status)->idle()) return {Outcome::kDone, ""};
      if (last.empty()) last = "it is still printing";
    }
    if (wait_for(thread_.stop(), poll).by_waker) last = "the service is stopping";
    poll = std::min(2 * poll, kLastPoll);
  } while (!thread_.is_stopping() && clock_.mono_now() < until);
  return {Outcome::kUnknown, last};
}

ZplPrinter::End ZplPrinter::nothing_printed(std::string_view why) {
  return {Outcome::kFailed, fmt::format("{}; nothing was printed", why)};
}

Result<std::unique_ptr<ByteConnection>> ZplPrinter::connect() {
  auto connection = connector_->connect(in(config_.connect_within), thread_.stop(), clock_);
  if (!connection) report(DeviceState::kOffline, connection.error().message);
  return connection;
}

Result<std::optional<HostStatus>> ZplPrinter::ask(StatusDialogue& dialogue) {
  return dialogue.ask(in(config_.answer_within), thread_.stop(), clock_);
}

bool ZplPrinter::has_changed() {
  const bool changed = connector_->has_changed();
  if (changed) owed_ = 0;  // it was switched off, or another one is there
  return changed;
}

StatusDialogue ZplPrinter::begin(std::unique_ptr<ByteConnection> connection) {
  return StatusDialogue(std::move(connection), connector_->is_one_line() ? owed_ : 0);
}

void ZplPrinter::part(StatusDialogue& dialogue) {
  owed_ = dialogue.owed();
  dialogue.connection().finish(in(kPartWithin), thread_.stop(), clock_);
}

void ZplPrinter::report_status(const std::optional<HostStatus>& status) {
  if (!status) return report(DeviceState::kOnline, std::string(kMute));
  const std::string fault = status->fault();
  report(fault.empty() ? DeviceState::kOnline : DeviceState::kOffline, fault);
}

void ZplPrinter::report(DeviceState state, const std::string& detail) {
  if (thread_.is_stopping()) return;
  if (auto change = state_news_.of(state, detail)) sink_.on_state(*std::move(change));
}

}  // namespace cairn::devices
