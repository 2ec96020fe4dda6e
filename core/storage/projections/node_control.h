#pragma once
// Commands and wanted configurations of devices, and what the devices answered. Class: each row is
// what one record said, or the latest of one author's; the order of arrival makes no difference.
// Writing: loop only. Errors as in sqlite/connection.h.

#include "core/domain/envelope.h"
#include "core/domain/event.h"
#include "core/storage/sqlite/connection.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class NodeControl {
 public:
  explicit NodeControl(Connection& connection) : connection_(&connection) {}

  /// `device`: whom the record's key names.
  void apply(const domain::Envelope& meta, NodeId device, const domain::DeviceEvent& event);
  void reset();

 private:
  void apply_one(const domain::Envelope& meta, NodeId device,
                 const domain::NodeCommandIssued& issued);
  void apply_one(const domain::Envelope& meta, NodeId device,
                 const domain::NodeCommandEnded& ended);
  void apply_one(const domain::Envelope& meta, NodeId device,
                 const domain::NodeConfigDesired& desired);
  void apply_one(const domain::Envelope& meta, NodeId device,
                 const domain::NodeConfigReported& reported);

  Connection* connection_;
};

// ---- queries: any connection ----

struct CommandRow {
  domain::NodeCommand command;
  NodeId node;
  Hlc issued;  ///< the hub's stamp
  UserId issued_by;
  struct End {
    domain::CommandOutcome outcome = domain::CommandOutcome::kDone;
    std::string detail;
    UtcTime at;  ///< the device's stamp
  };
  std::optional<End> end;  ///< the first one; nothing: no answer yet
};

/// The device's commands, the latest first; `limit` at most.
std::vector<CommandRow> node_commands(Connection& connection, NodeId node, std::size_t limit);
std::optional<CommandRow> find_command_row(Connection& connection, domain::CommandId id);
/// Commands of the device that have no answer, in the order in which they were issued.
std::vector<CommandRow> open_commands(Connection& connection, NodeId node);

struct WantedConfig {
  domain::ConfigVersion config;
  UtcTime set;
  UserId set_by;
};
/// The version the device should have; nothing: its file alone.
std::optional<WantedConfig> wanted_config(Connection& connection, NodeId node);

struct ReportedConfig {
  domain::NodeConfigReported report;
  UtcTime at;
};
std::optional<ReportedConfig> reported_config(Connection& connection, NodeId node);

// ---- a device's own notes ----

/// Whether the command was begun, ever.
bool command_started(Connection& connection, domain::CommandId id);
/// How many were begun, ever.
std::uint64_t commands_started(Connection& connection);
void note_command_started(Connection& writer, domain::CommandId id, UtcTime now);

}  // namespace cairn::storage
