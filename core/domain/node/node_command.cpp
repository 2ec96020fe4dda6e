#include "core/domain/node/node_command.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<CommandVerb, std::string_view>, 5> kVerbs{{
    {CommandVerb::kPrintTestLabel, "print_test_label"},
    {CommandVerb::kResync, "resync"},
    {CommandVerb::kRebuild, "rebuild"},
    {CommandVerb::kRestart, "restart"},
    {CommandVerb::kSendLog, "send_log"},
}};

}  // namespace

std::string_view name_of(CommandVerb verb) {
  for (const auto& [value, name] : kVerbs) {
    if (value == verb) return name;
  }
  return "";
}

Result<CommandVerb> parse_command_verb(std::string_view text) {
  for (const auto& [value, name] : kVerbs) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_verb",
              "a device can print_test_label, resync, rebuild, restart or send_log");
}

std::string_view name_of(CommandOutcome outcome) {
  switch (outcome) {
    case CommandOutcome::kDone:
      return "done";
    case CommandOutcome::kFailed:
      return "failed";
    case CommandOutcome::kExpired:
      return "expired";
    case CommandOutcome::kSuperseded:
      return "superseded";
  }
  return "";
}

Result<> validate(const NodeCommand& command) {
  if (command.argument.size() > kCommandArgumentMost) {
    return fail(ErrorCode::kInvalid, "bad_command", "the argument is longer than 80 octets");
  }
  if (!command.not_before.valid() || !command.expires.valid() ||
      command.expires <= command.not_before) {
    return fail(ErrorCode::kInvalid, "bad_command",
                "the command expires before it may be carried out");
  }
  return {};
}

CommandJudgement judge(const NodeCommand& command, Hlc issued, const CommandSituation& situation) {
  // An earlier database of this device may have answered it: the hub gives that answer back.
  const bool before_this_database =
      !situation.database_since || issued <= *situation.database_since;
  if (before_this_database && !situation.caught_up) return CommandWaits{};
  const UtcTime at_least = std::max(situation.at_least, situation.hub_time.value_or(UtcTime{}));
  if (at_least >= command.expires) return CommandIsOver{CommandOutcome::kExpired, ""};
  // Whether an earlier database of this device has carried it out, this one cannot know. And
  // without the hub nobody knows what time it is: the device may have been switched off for a week.
  if (!situation.hub_time) return CommandWaits{};
  if (before_this_database) {
    return CommandIsOver{CommandOutcome::kFailed,
                         "it was given before this device's database was begun or restored, which "
                         "may have carried it out; give it again"};
  }
  if (situation.later_one_waits) {
    return CommandIsOver{CommandOutcome::kSuperseded, "a later one of its kind was given"};
  }
  if (command.if_config && *command.if_config != situation.config_version) {
    return CommandIsOver{CommandOutcome::kSuperseded,
                         "another version of the configuration is in force"};
  }
  if (*situation.hub_time < command.not_before) return CommandWaits{command.not_before};
  if (command.requires_online && !situation.online) return CommandWaits{};
  return CommandMayRun{};
}

}  // namespace cairn::domain
