#include "device-drivers/escpos/escpos_printer.h"

#include "device-drivers/network/tcp_connection.h"

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

using Outcome = PrintResult::Outcome;

constexpr Duration kBetweenLooks = std::chrono::milliseconds(200);
constexpr int kQuestions = 4;
constexpr std::string_view kNotAsked = "not_asked";

PrinterCondition condition_of(const EscPosStatus& status) {
  return {status.fault(), status.paper_near_end ? "its paper is near its end" : ""};
}

}  // namespace

EscPosPrinter::EscPosPrinter(const EscPosPrinterConfig& config, PrinterSink& sink,
                             const Clock& clock)
    : EscPosPrinter(config, std::make_unique<TcpConnector>(config.address), sink, clock) {}

EscPosPrinter::EscPosPrinter(const EscPosPrinterConfig& config,
                             std::unique_ptr<Connector> connector, PrinterSink& sink,
                             const Clock& clock)
    : config_(config),
      drawer_(config.pulse),
      spooler_(config, std::move(connector), *this, sink, clock) {}

Result<> EscPosPrinter::print(ReceiptJob job) {
  return spooler_.add(
      {std::move(job.id), escpos_of(job.page, *config_.model) + ask_whether_processed()});
}

Result<> EscPosPrinter::open_drawer(std::string id) {
  EscPosEncoder encoder(*config_.model, config_.model->columns_80mm);
  encoder.pulse(config_.pulse);
  return spooler_.add({std::move(id), encoder.octets() + ask_whether_processed(), true});
}

void EscPosPrinter::begin(bool one_line) {
  reader_.reset();
  if (!one_line) reader_.forget_processed();
  status_ = {};
}

Result<std::optional<PrinterCondition>> EscPosPrinter::ask(const PrinterSession& session) {
  std::optional<PrinterCondition> said;
  for (int question = 1; question <= kQuestions; ++question) {
    const auto answered = ask_one(session, question);
    if (!answered) return fail(answered.error());
    if (!*answered) break;  // whoever leaves one out says nothing to the rest
    said = condition_of(status_);
  }
  return said;
}

Result<bool> EscPosPrinter::ask_one(const PrinterSession& session, int question) {
  const MonoTime until = session.in(config_.answer_within);
  answered_ = false;
  reader_.expect(question);
  const auto sent = session.send(ask_status(question), config_.answer_within);
  if (!sent.all) {
    reader_.expect(0);
    return fail(ErrorCode::kUnavailable, std::string(kNotAsked), sent.problem);
  }
  while (!answered_) {
    const auto more = hear(session, until);
    if (!more) return more;
    if (!*more) break;
  }
  reader_.expect(0);
  return answered_;
}

void EscPosPrinter::settle(const PrinterSession& session) {
  if (reader_.unanswered() == 0) return;
  if (!session.send(ask_whether_processed(), config_.answer_within).all) return;
  reader_.expect_processed();
  const int before = reader_.unanswered();
  while (reader_.unanswered() > 0) {
    const auto more = hear(session, session.in(config_.answer_within));
    if (!more || !*more) break;
  }
  // It answers in order and at once while nothing is left to be printed: what it has not answered
  // behind an answer it does not know any more, because it was switched off.
  if (reader_.unanswered() < before) reader_.forget_processed();
}

std::string EscPosPrinter::objection(const PrintTask& task, MonoTime now) {
  if (!task.opens_drawer || drawer_.is_over(now)) return {};
  return "the drawer was opened just now: wait a second and try again";
}

void EscPosPrinter::taken(const PrintTask& task, MonoTime now) {
  if (task.opens_drawer) drawer_.given(now);
}

/// Waits for the answer that comes behind the receipt, and looks meanwhile what keeps it away.
PrintEnd EscPosPrinter::confirm(const PrinterSession& session, bool /*answers*/) {
  reader_.expect_processed();
  const MonoTime until = session.in(config_.print_within);
  std::string last(silence());
  while (!session.is_stopping() && !session.is_over(until)) {
    const MonoTime next_look = std::min(until, session.in(kBetweenLooks));
    while (reader_.unanswered() > 0 && !session.is_over(next_look)) {
      if (const auto more = hear(session, next_look); !more) {
        return {Outcome::kUnknown, more.error().message};
      }
    }
    if (reader_.unanswered() == 0) return {Outcome::kDone, ""};
    const auto said = ask(session);
    if (!said && said.error().reason != kNotAsked) {
      return {Outcome::kUnknown, said.error().message};
    }
    if (reader_.unanswered() == 0) return {Outcome::kDone, ""};
    if (!said) {
      last = said.error().message;
      continue;
    }
    session.watcher.on_condition(*said);
    if (!*said) continue;
    last = (*said)->fault.empty() ? "it is still printing" : (*said)->fault;
  }
  if (session.is_stopping()) last = "closed here: the service stops, or the device was released";
  return {Outcome::kUnknown, last};
}

Result<bool> EscPosPrinter::hear(const PrinterSession& session, MonoTime until) {
  const auto octets = session.connection.receive(until, session.stop, session.clock);
  if (!octets) return fail(octets.error());
  using Kind = EscPosStatusReader::Heard::Kind;
  for (const auto& heard : reader_.feed(*octets)) {
    status_ = heard.status;
    answered_ = answered_ || heard.kind == Kind::kAnswer;
  }
  return !octets->empty();
}

}  // namespace cairn::devices
