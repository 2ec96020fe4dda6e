#pragma once
// Commands that head office gives to one device. The hub writes them into the device's own feed,
// the device answers each with one outcome. A command is carried out at most once and never after
// its expiry (docs/protocol.md, commands). Pure.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::domain {

using CommandId = Strong<struct CommandTag, Uuid>;

/// Numbers are in records: never reused. 1 is kept for a verb that makes screens say who they are.
enum class CommandVerb : std::uint8_t {
  kPrintTestLabel = 2,  ///< argument: the printer; empty: the only one
  kResync = 3,          ///< compares itself with the hub now
  kRebuild = 4,         ///< makes its views anew from its log, then starts again
  kRestart = 5,         ///< ends in order and is started again
  kSendLog = 6,         ///< argument: how many of its last log lines; empty: 50
};

/// "print_test_label", "resync", "rebuild", "restart", "send_log".
std::string_view name_of(CommandVerb verb);
/// Errors: kInvalid "bad_verb".
Result<CommandVerb> parse_command_verb(std::string_view text);

struct NodeCommand {
  CommandId id;
  CommandVerb verb = CommandVerb::kResync;
  std::string argument;                    ///< 0-80 octets
  UtcTime not_before;                      ///< by the hub's clock
  UtcTime expires;                         ///< by the hub's clock: from then on it is not begun
  std::optional<std::uint64_t> if_config;  ///< only while this version of its configuration holds
  bool requires_online = false;            ///< only while it is in conversation with the hub
  friend bool operator==(const NodeCommand&, const NodeCommand&) = default;
};

inline constexpr std::size_t kCommandArgumentMost = 80;
inline constexpr std::size_t kCommandDetailMost = 16U << 10U;

/// Errors: kInvalid "bad_command".
Result<> validate(const NodeCommand& command);

/// By the hub, in the device's feed.
struct NodeCommandIssued {
  static constexpr std::uint32_t kTypeId = 42;
  NodeCommand command;
  friend bool operator==(const NodeCommandIssued&, const NodeCommandIssued&) = default;
};

/// Numbers are in records: never reused.
enum class CommandOutcome : std::uint8_t {
  kDone = 1,
  kFailed = 2,      ///< it was begun and did not succeed, or nobody knows whether it did
  kExpired = 3,     ///< never begun
  kSuperseded = 4,  ///< never begun: a later one of its kind, or another configuration, came first
};

/// "done", "failed", "expired", "superseded".
std::string_view name_of(CommandOutcome outcome);

/// By the device.
struct NodeCommandEnded {
  static constexpr std::uint32_t kTypeId = 43;
  CommandId command;
  CommandOutcome outcome = CommandOutcome::kDone;
  std::string detail;  ///< result or reason, at most kCommandDetailMost octets
  friend bool operator==(const NodeCommandEnded&, const NodeCommandEnded&) = default;
};

/// What a device knows when it looks at a command.
struct CommandSituation {
  std::optional<UtcTime> hub_time;  ///< nothing: the hub was not heard since the start
  UtcTime at_least;                 ///< the hub's clock was here at some time
  /// The hub's last stamp when this database was first in conversation; nothing: it never was.
  std::optional<Hlc> database_since;
  bool caught_up = false;  ///< all that the hub knew when it was last heard is here
  bool online = false;
  std::uint64_t config_version = 0;
  bool later_one_waits = false;  ///< a command of the same verb was issued after it
};

struct CommandMayRun {};
struct CommandWaits {
  std::optional<UtcTime> until;  ///< nothing: for the hub
};
struct CommandIsOver {
  CommandOutcome outcome = CommandOutcome::kExpired;
  std::string why;
};

/// What is to be done with a command that was never begun. `issued`: the hub's stamp on it.
using CommandJudgement = std::variant<CommandMayRun, CommandWaits, CommandIsOver>;
CommandJudgement judge(const NodeCommand& command, Hlc issued, const CommandSituation& situation);

}  // namespace cairn::domain
