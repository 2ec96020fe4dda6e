#include "device-drivers/zpl/zpl_printer.h"

#include "device-drivers/network/tcp_connection.h"
#include "device-drivers/zpl/parcel_label.h"
#include "device-drivers/zpl/status_dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kJobsMost = 64;
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
    : config_(std::move(config)), sink_(sink), clock_(clock), connector_(std::move(connector)) {
  connector_->watch(queue_);
  thread_ = std::thread([this] { run(); });
}

ZplPrinter::~ZplPrinter() {
  stopping_ = true;
  stop_.wake();
  queue_.wake();
  thread_.join();
}

Result<> ZplPrinter::print(PrintJob job) {
  {
    const std::scoped_lock lock(mutex_);
    if (jobs_.size() >= kJobsMost) {
      return fail(ErrorCode::kUnavailable, "printer_busy",
                  fmt::format("printer {} has {} labels to print already; nothing was printed",
                              config_.name, jobs_.size()));
    }
    jobs_.push_back(std::move(job));
  }
  queue_.wake();
  return {};
}

void ZplPrinter::run() {
  MonoTime next_look = clock_.mono_now();
  while (!stopping_) {
    if (const auto job = next_job()) {
      const End end = work_on(*job);
      sink_.on_printed({config_.name, job->id, end.outcome, end.detail});
      continue;
    }
    if (connector_->has_changed() || clock_.mono_now() >= next_look) {
      look();
      next_look = in(config_.look_every);
    }
    wait_for(queue_, next_look - clock_.mono_now());
    queue_.clear();
  }
  fail_the_rest();
}

std::optional<PrintJob> ZplPrinter::next_job() {
  const std::scoped_lock lock(mutex_);
  if (jobs_.empty()) return std::nullopt;
  PrintJob job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

void ZplPrinter::fail_the_rest() {
  while (const auto job = next_job()) {
    sink_.on_printed({config_.name, job->id, Outcome::kFailed, "the service stopped before it"});
  }
}

/// Leaves the connection closed, so that others can print, too.
void ZplPrinter::look() {
  auto connection = connect();
  if (!connection) return;
  StatusDialogue dialogue(*std::move(connection));
  if (const auto status = ask(dialogue); !status) {
    report(DeviceState::kOffline, status.error().message);
  } else {
    // Some printers never answer, and many do not while they cannot print.
    report_status(*status);
    part(dialogue);
  }
}

ZplPrinter::End ZplPrinter::work_on(const PrintJob& job) {
  const auto zpl = zpl_of(job.label);
  if (!zpl) return nothing_printed(zpl.error().message);
  auto connection = connect();
  if (!connection) return nothing_printed(connection.error().message);
  StatusDialogue dialogue(*std::move(connection));
  const auto before = ask(dialogue);
  if (!before) return nothing_printed(before.error().message);
  report_status(*before);
  End end;
  if (*before && !(*before)->fault().empty()) {
    end = nothing_printed((*before)->fault());
  } else {
    end = send(dialogue, *zpl, before->has_value());
  }
  part(dialogue);
  return end;
}

ZplPrinter::End ZplPrinter::send(StatusDialogue& dialogue, std::string_view zpl, bool answers) {
  const auto sent = dialogue.connection().send(zpl, in(config_.take_within), stop_, clock_);
  if (sent.octets == 0 && !sent.in_doubt) return nothing_printed(sent.problem);
  if (!sent.all) {
    return {Outcome::kUnknown,
            fmt::format("the printer took {}{} of {} octets: {}", sent.in_doubt ? "at least " : "",
                        sent.octets, zpl.size(), sent.problem)};
  }
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
    if (wait_for(stop_, poll).by_waker) last = "the service is stopping";
    poll = std::min(2 * poll, kLastPoll);
  } while (!stopping_ && clock_.mono_now() < until);
  return {Outcome::kUnknown, last};
}

ZplPrinter::End ZplPrinter::nothing_printed(std::string_view why) {
  return {Outcome::kFailed, fmt::format("{}; nothing was printed", why)};
}

Result<std::unique_ptr<ByteConnection>> ZplPrinter::connect() {
  auto connection = connector_->connect(in(config_.connect_within), stop_, clock_);
  if (!connection) report(DeviceState::kOffline, connection.error().message);
  return connection;
}

Result<std::optional<HostStatus>> ZplPrinter::ask(StatusDialogue& dialogue) {
  return dialogue.ask(in(config_.answer_within), stop_, clock_);
}

void ZplPrinter::part(StatusDialogue& dialogue) {
  dialogue.connection().finish(in(kPartWithin), stop_, clock_);
}

void ZplPrinter::report_status(const std::optional<HostStatus>& status) {
  if (!status) return report(DeviceState::kOnline, std::string(kMute));
  const std::string fault = status->fault();
  report(fault.empty() ? DeviceState::kOnline : DeviceState::kOffline, fault);
}

void ZplPrinter::report(DeviceState state, const std::string& detail) {
  if (stopping_) return;
  if (reported_ && reported_->state == state && reported_->detail == detail) return;
  reported_ = StateChange{config_.name, state, detail};
  sink_.on_state(*reported_);
}

}  // namespace cairn::devices
