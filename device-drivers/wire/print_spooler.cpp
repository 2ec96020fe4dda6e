#include "device-drivers/wire/print_spooler.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::devices {
namespace {

using Outcome = PrintResult::Outcome;

constexpr Duration kPartWithin = std::chrono::seconds(1);

std::string_view nothing_done(const PrintTask& task) {
  return task.opens_drawer ? "the drawer was not opened" : "nothing was printed";
}

PrintEnd failed(const PrintTask& task, std::string_view why) {
  return {Outcome::kFailed, fmt::format("{}; {}", why, nothing_done(task))};
}

}  // namespace

PrintSpooler::PrintSpooler(const PrintSpoolerConfig& config, std::unique_ptr<Connector> connector,
                           PrinterLanguage& language, PrinterSink& sink, const Clock& clock)
    : config_(config),
      language_(language),
      sink_(sink),
      clock_(clock),
      connector_(watched(std::move(connector), news_)),
      state_news_(config_.name),
      thread_(*this, news_, config_.look_every, clock) {}

Result<> PrintSpooler::add(PrintTask task) {
  const std::string_view nothing = nothing_done(task);
  if (thread_.add(std::move(task))) return {};
  return fail(ErrorCode::kUnavailable, "printer_busy",
              fmt::format("printer {} has {} jobs to do already; {}", config_.name,
                          JobThread<PrintTask>::kJobsMost, nothing));
}

void PrintSpooler::work_on(const PrintTask& task) {
  PrintEnd end = print(task);
  sink_.on_printed({config_.name, task.id, end.outcome, std::move(end.detail)});
}

void PrintSpooler::give_back(const PrintTask& task) {
  PrintEnd end = failed(task, "the printer was closed before it");
  sink_.on_printed({config_.name, task.id, end.outcome, std::move(end.detail)});
}

void PrintSpooler::look() {
  const auto connection = connect();
  if (!connection) return;
  const PrinterSession now = session(**connection);
  if (const auto answers = ask(now); answers && *answers) language_.settle(now);
  part(now);
}

bool PrintSpooler::has_changed() {
  const bool changed = connector_->has_changed();
  if (changed) language_.forget();
  return changed;
}

PrintEnd PrintSpooler::print(const PrintTask& task) {
  if (!task.octets) return failed(task, task.octets.error().message);
  const auto connection = connect();
  if (!connection) return failed(task, connection.error().message);
  const PrinterSession now = session(**connection);
  PrintEnd end = print_on(now, task);
  part(now);
  return end;
}

PrintEnd PrintSpooler::print_on(const PrinterSession& session, const PrintTask& task) {
  const auto answers = ask(session);
  if (!answers) return failed(task, answers.error().message);
  const std::string objection = language_.objection(task, clock_.mono_now());
  if (!objection.empty()) return failed(task, objection);
  if (*answers) language_.settle(session);
  const auto sent = session.send(*task.octets, config_.take_within);
  if (sent.none()) return failed(task, sent.problem);
  language_.taken(task, clock_.mono_now());
  if (!sent.all) return {Outcome::kUnknown, sent.part_of(task.octets->size())};
  return language_.confirm(session, *answers);
}

Result<std::unique_ptr<ByteConnection>> PrintSpooler::connect() {
  auto connection =
      connector_->connect(clock_.mono_now() + config_.connect_within, thread_.stop(), clock_);
  if (connection) {
    language_.begin(connector_->is_one_line());
  } else {
    // Not every wire tells that the device has gone: one that cannot be reached may have.
    if (connection.error().reason != "stopped") language_.forget();
    report(DeviceState::kOffline, connection.error().message);
  }
  return connection;
}

void PrintSpooler::part(const PrinterSession& session) {
  session.connection.finish(session.in(kPartWithin), session.stop, session.clock);
}

Result<bool> PrintSpooler::ask(const PrinterSession& session) {
  auto said = language_.ask(session);
  if (!said) {
    report(DeviceState::kOffline, said.error().message);
    return fail(said.error());
  }
  // Many do not answer while they cannot print; their wire may know why.
  const bool answers = said->has_value();
  if (!answers) {
    if (std::string trouble = session.connection.trouble(session.stop, session.clock);
        !trouble.empty()) {
      *said = PrinterCondition{std::move(trouble), {}};
    }
  }
  on_condition(*said);
  if (*said && !(*said)->fault.empty()) {
    return fail(ErrorCode::kUnavailable, "printer_trouble", (*said)->fault);
  }
  return answers;
}

PrinterSession PrintSpooler::session(ByteConnection& connection) {
  return {connection, thread_.stop(), clock_, *this};
}

void PrintSpooler::on_condition(const std::optional<PrinterCondition>& said) {
  if (!said) return report(DeviceState::kOnline, std::string(language_.silence()));
  if (!said->fault.empty()) return report(DeviceState::kOffline, said->fault);
  report(DeviceState::kOnline, said->remark);
}

void PrintSpooler::report(DeviceState state, const std::string& detail) {
  if (thread_.is_stopping()) return;
  if (auto change = state_news_.of(state, detail)) sink_.on_state(*std::move(change));
}

}  // namespace cairn::devices
