#include "edge-agent/remote/verbs.h"

#include "core/base/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cairn::agent {
namespace {

using domain::CommandVerb;
using domain::NodeCommand;
using Finish = CommandRunner::Finish;

constexpr std::uint64_t kLogLines = 50;

void resync(const AgentApi& api, const Finish& finish) {
  api.core.sync().say_hello();
  const auto status = api.core.sync().status();
  finish(fmt::format("link {}: {} own records, {} of them at the hub, {} feed positions behind",
                     name_of(status.link), status.head, status.hwm, status.behind));
}

/// The one that is named, else the only one there is.
std::optional<std::string> printer_of(const AgentApi& api, const std::string& wanted) {
  std::optional<std::string> found;
  int count = 0;
  for (const DeviceBoard::Status& status : api.board.statuses()) {
    const devices::DeviceConfig& device = status.settings.device;
    if (device.kind != "printer" || (!wanted.empty() && device.name != wanted)) continue;
    found = device.name;
    ++count;
  }
  return count == 1 ? found : std::nullopt;
}

void print_test_label(const AgentApi& api, const std::string& wanted, const Finish& finish) {
  const auto printer = printer_of(api, wanted);
  if (!printer) {
    return finish(fail(ErrorCode::kNotFound, "no_printer",
                       wanted.empty() ? "it has no printer, or several: name one"
                                      : "it has no printer of that name"));
  }
  api.printers.print_test(*printer, finish);
}

void send_log(const runtime::JsonLog& log, const std::string& lines, const Finish& finish) {
  std::uint64_t wanted = kLogLines;
  if (!lines.empty()) {
    const auto number = parse_unsigned(lines);
    if (!number || *number == 0) {
      return finish(fail(ErrorCode::kInvalid, "bad_count", "the argument is a number of lines"));
    }
    wanted = *number;
  }
  const auto recent = log.recent(std::min<std::uint64_t>(wanted, runtime::JsonLog::kKept));
  // The latest ones, as far as an answer may be long.
  std::size_t octets = 0;
  auto first = recent.end();
  while (first != recent.begin()) {
    octets += std::prev(first)->size() + 1;
    if (octets > domain::kCommandDetailMost) break;
    --first;
  }
  std::string text;
  for (; first != recent.end(); ++first) text += *first + "\n";
  finish(text);
}

}  // namespace

void set_verbs(const AgentApi& api, program::Process& process, const runtime::JsonLog& log) {
  CommandRunner& commands = api.core.commands();
  commands.set(CommandVerb::kResync,
               [api](const NodeCommand&, const Finish& finish) { resync(api, finish); });
  commands.set(CommandVerb::kPrintTestLabel,
               [api](const NodeCommand& command, const Finish& finish) {
                 print_test_label(api, command.argument, finish);
               });
  commands.set(CommandVerb::kSendLog, [&log](const NodeCommand& command, const Finish& finish) {
    send_log(log, command.argument, finish);
  });
  for (const CommandVerb verb : {CommandVerb::kRestart, CommandVerb::kRebuild}) {
    commands.set(verb, [&process](const NodeCommand&, const Finish&) { process.restart(); });
  }
}

}  // namespace cairn::agent
