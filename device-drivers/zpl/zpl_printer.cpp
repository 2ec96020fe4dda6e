#include "device-drivers/zpl/zpl_printer.h"

#include "device-drivers/network/tcp_connection.h"
#include "device-drivers/zpl/parcel_label.h"

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

using Outcome = PrintResult::Outcome;

/// Between two looks whether a label is printed: soon at first, then ever less often.
constexpr Duration kFirstPoll = std::chrono::milliseconds(20);
constexpr Duration kLastPoll = std::chrono::milliseconds(200);

std::optional<PrinterCondition> condition_of(const std::optional<HostStatus>& status) {
  if (!status) return std::nullopt;
  return PrinterCondition{status->fault(), {}};
}

}  // namespace

ZplPrinter::ZplPrinter(const ZplPrinterConfig& config, PrinterSink& sink, const Clock& clock)
    : ZplPrinter(config, std::make_unique<TcpConnector>(config.address), sink, clock) {}

ZplPrinter::ZplPrinter(const ZplPrinterConfig& config, std::unique_ptr<Connector> connector,
                       PrinterSink& sink, const Clock& clock)
    : answer_within_(config.answer_within),
      print_within_(config.print_within),
      spooler_(config, std::move(connector), *this, sink, clock) {}

Result<> ZplPrinter::print(PrintJob job) {
  return spooler_.add({std::move(job.id), zpl_of(job.label)});
}

void ZplPrinter::begin(bool one_line) {
  dialogue_ = StatusDialogue(one_line ? dialogue_.owed() : 0);
}

Result<std::optional<PrinterCondition>> ZplPrinter::ask(const PrinterSession& session) {
  const auto status = ask_status(session);
  if (!status) return fail(status.error());
  return condition_of(*status);
}

PrintEnd ZplPrinter::confirm(const PrinterSession& session, bool answers) {
  dialogue_.expect_news();
  const MonoTime until = session.in(answers ? print_within_ : answer_within_ * 2);
  std::string last(silence());
  Duration poll = kFirstPoll;
  do {
    const auto status = ask_status(session);
    if (!status) return {Outcome::kUnknown, status.error().message};
    session.watcher.on_condition(condition_of(*status));
    if (*status) {
      last = (*status)->fault();
      if (last.empty() && (*status)->idle()) return {Outcome::kDone, ""};
      if (last.empty()) last = "it is still printing";
    }
    if (wait_for(session.stop, poll).by_waker)
      return {Outcome::kUnknown, "closed here: the service stops, or the device was released"};
    poll = std::min(2 * poll, kLastPoll);
  } while (!session.is_over(until));
  return {Outcome::kUnknown, last};
}

Result<std::optional<HostStatus>> ZplPrinter::ask_status(const PrinterSession& session) {
  return dialogue_.ask(session.connection, session.in(answer_within_), session.stop, session.clock);
}

}  // namespace cairn::devices
