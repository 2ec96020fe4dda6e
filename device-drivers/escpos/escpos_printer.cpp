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
  return add({std::move(job.id), escpos_of(job.page, *config_.model), "nothing was printed"});
}

Result<> EscPosPrinter::open_drawer(std::string id) {
  {
    const std::scoped_lock lock(mutex_);
    if (!drawer_.take(clock_.mono_now())) {
      return fail(ErrorCode::kUnavailable, "drawer_resting",
                  fmt::format("the drawer of {} was opened just now; nothing was done: wait a "
                              "second and try again",
                              config_.name));
    }
  }
  EscPosEncoder encoder(*config_.model, config_.model->columns_80mm);
  encoder.pulse(config_.pulse);
  return add({std::move(id), encoder.octets(), "the drawer was not opened"});
}

Result<> EscPosPrinter::add(EscPosJob job) {
  const std::string_view nothing_done = job.nothing_done;
  if (thread_.add(std::move(job))) return {};
  return fail(ErrorCode::kUnavailable, "printer_busy",
              fmt::format("printer {} has {} receipts to print already; {}", config_.name,
                          JobThread<EscPosJob>::kJobsMost, nothing_done));
}

void EscPosPrinter::give_back(const EscPosJob& job) {
  sink_.on_printed({config_.name, job.id, Outcome::kFailed, "the service stopped before it"});
}

/// Leaves the connection closed, so that others can print, too.
void EscPosPrinter::look() {
  auto connection = connect();
  if (!connection) return;
  if (const auto status = ask(**connection); !status) {
    report(DeviceState::kOffline, status.error().message);
  } else {
    report_status(*status);
    (*connection)->finish(in(kCloseWithin), thread_.stop(), clock_);
  }
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
    const std::string fault = *before ? (*before)->fault() : "";
    end = fault.empty() ? send(**connection, job) : failed(fault);
    (*connection)->finish(in(kCloseWithin), thread_.stop(), clock_);
  }
  sink_.on_printed({config_.name, job.id, end.outcome, end.detail});
}

EscPosPrinter::End EscPosPrinter::send(ByteConnection& connection, const EscPosJob& job) {
  const std::string octets = job.octets + ask_whether_processed();
  processed_ = false;
  reader_.expect_processed();
  const auto sent = connection.send(octets, in(config_.take_within), thread_.stop(), clock_);
  if (sent.none()) {
    return {Outcome::kFailed, fmt::format("{}; {}", sent.problem, job.nothing_done)};
  }
  if (!sent.all) return {Outcome::kUnknown, sent.part_of(octets.size())};
  return confirm(connection);
}

/// Waits for the answer that comes behind the receipt, and looks meanwhile what keeps it away.
EscPosPrinter::End EscPosPrinter::confirm(ByteConnection& connection) {
  const MonoTime until = in(config_.print_within);
  std::string last(kSaysNothing);
  while (!thread_.is_stopping() && clock_.mono_now() < until) {
    const MonoTime next_look = std::min(until, in(kBetweenLooks));
    while (!processed_ && clock_.mono_now() < next_look) {
      if (const auto more = hear(connection, next_look); !more) {
        return {Outcome::kUnknown, more.error().message};
      }
    }
    if (processed_) return {Outcome::kDone, ""};
    const auto status = ask(connection);
    if (!status) return {Outcome::kUnknown, status.error().message};
    if (processed_) return {Outcome::kDone, ""};
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
  if (!connection.send(ask_status(question), until, thread_.stop(), clock_).all) {
    reader_.expect(0);
    return std::optional<EscPosStatus>();
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
    processed_ = processed_ || heard.kind == Kind::kProcessed;
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
