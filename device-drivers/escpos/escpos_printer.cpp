#include "device-drivers/escpos/escpos_printer.h"

#include "device-drivers/network/tcp_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::devices {
namespace {

constexpr Duration kBetweenLooks = std::chrono::milliseconds(200);
constexpr Duration kCloseWithin = std::chrono::seconds(1);
constexpr std::string_view kSaysNothing = "it does not say how it is";
constexpr int kQuestions = 4;
constexpr std::string_view kNotAsked = "not_asked";

}  // namespace

EscPosPrinter::EscPosPrinter(EscPosPrinterConfig config, PrinterSink& sink, const Clock& clock)
    : EscPosPrinter(config, std::make_unique<TcpConnector>(config.address), sink, clock) {}

EscPosPrinter::EscPosPrinter(EscPosPrinterConfig config, std::unique_ptr<Connector> connector,
                             PrinterSink& sink, const Clock& clock)
    : config_(std::move(config)),
      sink_(sink),
      clock_(clock),
      connector_(watched(std::move(connector), news_)),
      state_news_(config_.name),
      drawer_(config_.pulse),
      thread_(*this, news_, config_.look_every, clock) {}

Result<> EscPosPrinter::print(ReceiptJob job) {
  return add(
      {std::move(job.id), escpos_of(job.page, *config_.model), false, "nothing was printed"});
}

Result<> EscPosPrinter::open_drawer(std::string id) {
  EscPosEncoder encoder(*config_.model, config_.model->columns_80mm);
  encoder.pulse(config_.pulse);
  return add({std::move(id), encoder.octets(), true, "the drawer was not opened"});
}

Result<> EscPosPrinter::add(EscPosJob job) {
  const std::string_view nothing_done = job.nothing_done;
  if (thread_.add(std::move(job))) return {};
  return fail(ErrorCode::kUnavailable, "printer_busy",
              fmt::format("printer {} has {} receipts to print already; {}", config_.name,
                          JobThread<EscPosJob>::kJobsMost, nothing_done));
}

void EscPosPrinter::give_back(const EscPosJob& job) {
  sink_.on_printed({config_.name, job.id, Outcome::kFailed,
                    fmt::format("the printer was closed before it; {}", job.nothing_done)});
}

/// Leaves the connection closed, so that others can print, too.
void EscPosPrinter::look() {
  auto connection = connect();
  if (!connection) return;
  if (const auto status = ask(**connection); !status) {
    report(DeviceState::kOffline, status.error().message);
  } else {
    report_status(*status);
    if (*status && (*status)->fault().empty()) settle(**connection);
    (*connection)->finish(in(kCloseWithin), thread_.stop(), clock_);
  }
}

bool EscPosPrinter::has_changed() {
  const bool changed = connector_->has_changed();
  if (changed) reader_.forget_processed();  // it was switched off, or another one is there
  return changed;
}

void EscPosPrinter::work_on(const EscPosJob& job) {
  const auto failed = [&job](std::string_view why) {
    return End{Outcome::kFailed, fmt::format("{}; {}", why, job.nothing_done)};
  };
  End end;
  if (auto connection = connect(); !connection) {
    end = failed(connection.error().message);
  } else if (const auto before = ask(**connection); !before) {
    end = failed(before.error().message);
  } else {
    report_status(*before);
    std::string fault =
        *before ? (*before)->fault() : (*connection)->trouble(thread_.stop(), clock_);
    if (fault.empty() && job.opens_drawer && !drawer_.is_over(clock_.mono_now())) {
      fault = "the drawer was opened just now: wait a second and try again";
    }
    if (fault.empty()) {
      if (*before) settle(**connection);
      end = send(**connection, job);
    } else {
      end = failed(fault);
    }
    (*connection)->finish(in(kCloseWithin), thread_.stop(), clock_);
  }
  sink_.on_printed({config_.name, job.id, end.outcome, end.detail});
}

EscPosPrinter::End EscPosPrinter::send(ByteConnection& connection, const EscPosJob& job) {
  const std::string octets = job.octets + ask_whether_processed();
  const auto sent = connection.send(octets, in(config_.take_within), thread_.stop(), clock_);
  if (sent.none()) {
    return {Outcome::kFailed, fmt::format("{}; {}", sent.problem, job.nothing_done)};
  }
  if (job.opens_drawer) drawer_.given(clock_.mono_now());
  if (!sent.all) return {Outcome::kUnknown, sent.part_of(octets.size())};
  reader_.expect_processed();
  return confirm(connection);
}

void EscPosPrinter::settle(ByteConnection& connection) {
  if (reader_.unanswered() == 0) return;
  const std::string question = ask_whether_processed();
  if (!connection.send(question, in(config_.answer_within), thread_.stop(), clock_).all) return;
  reader_.expect_processed();
  const int before = reader_.unanswered();
  while (reader_.unanswered() > 0) {
    const auto more = hear(connection, in(config_.answer_within));
    if (!more || !*more) break;
  }
  // It answers in order and at once while nothing is left to be printed: what it has not answered
  // behind an answer it does not know any more, because it was switched off.
  if (reader_.unanswered() < before) reader_.forget_processed();
}

/// Waits for the answer that comes behind the receipt, and looks meanwhile what keeps it away.
EscPosPrinter::End EscPosPrinter::confirm(ByteConnection& connection) {
  const MonoTime until = in(config_.print_within);
  std::string last(kSaysNothing);
  while (!thread_.is_stopping() && clock_.mono_now() < until) {
    const MonoTime next_look = std::min(until, in(kBetweenLooks));
    while (reader_.unanswered() > 0 && clock_.mono_now() < next_look) {
      if (const auto more = hear(connection, next_look); !more) {
        return {Outcome::kUnknown, more.error().message};
      }
    }
    if (reader_.unanswered() == 0) return {Outcome::kDone, ""};
    const auto status = ask(connection);
    if (!status && status.error().reason != kNotAsked) {
      return {Outcome::kUnknown, status.error().message};
    }
    if (reader_.unanswered() == 0) return {Outcome::kDone, ""};
    if (!status) {
      last = status.error().message;
      continue;
    }
    report_status(*status);
    if (!*status) continue;
    last = (*status)->fault();
    if (last.empty()) last = "it is still printing";
  }
  if (thread_.is_stopping()) last = "the service is stopping";
  return {Outcome::kUnknown, last};
}

Result<std::unique_ptr<ByteConnection>> EscPosPrinter::connect() {
  auto connection = connector_->connect(in(config_.connect_within), thread_.stop(), clock_);
  if (!connection) report(DeviceState::kOffline, connection.error().message);
  reader_.reset();
  if (!connection || !connector_->is_one_line()) reader_.forget_processed();
  status_ = {};
  return connection;
}

Result<std::optional<EscPosStatus>> EscPosPrinter::ask(ByteConnection& connection) {
  std::optional<EscPosStatus> whole;
  for (int question = 1; question <= kQuestions; ++question) {
    auto answer = ask_one(connection, question);
    if (!answer) return answer;
    if (!*answer) return whole;  // whoever leaves one out says nothing to the rest
    whole = **answer;
  }
  return whole;
}

Result<std::optional<EscPosStatus>> EscPosPrinter::ask_one(ByteConnection& connection,
                                                           int question) {
  const MonoTime until = in(config_.answer_within);
  answered_ = false;
  reader_.expect(question);
  const auto sent = connection.send(ask_status(question), until, thread_.stop(), clock_);
  if (!sent.all) {
    reader_.expect(0);
    return fail(ErrorCode::kUnavailable, std::string(kNotAsked), sent.problem);
  }
  while (!answered_) {
    const auto more = hear(connection, until);
    if (!more) return fail(more.error());
    if (!*more) break;
  }
  reader_.expect(0);
  return answered_ ? std::optional(status_) : std::nullopt;
}

Result<bool> EscPosPrinter::hear(ByteConnection& connection, MonoTime until) {
  const auto octets = connection.receive(until, thread_.stop(), clock_);
  if (!octets) return fail(octets.error());
  using Kind = EscPosStatusReader::Heard::Kind;
  for (const auto& heard : reader_.feed(*octets)) {
    status_ = heard.status;
    answered_ = answered_ || heard.kind == Kind::kAnswer;
  }
  return !octets->empty();
}

void EscPosPrinter::report_status(const std::optional<EscPosStatus>& status) {
  if (!status) return report(DeviceState::kOnline, std::string(kSaysNothing));
  const std::string fault = status->fault();
  if (!fault.empty()) return report(DeviceState::kOffline, fault);
  report(DeviceState::kOnline, status->paper_near_end ? "its paper is near its end" : "");
}

void EscPosPrinter::report(DeviceState state, const std::string& detail) {
  if (thread_.is_stopping()) return;
  if (auto change = state_news_.of(state, detail)) sink_.on_state(*std::move(change));
}

}  // namespace cairn::devices
