#include "core/storage/projections/node_control.h"

#include "core/storage/sqlite/statement.h"

#include <utility>

namespace cairn::storage {

void NodeControl::apply(const domain::Envelope& meta, NodeId device,
                        const domain::DeviceEvent& event) {
  std::visit([&](const auto& e) { apply_one(meta, device, e); }, event);
}

void NodeControl::apply_one(const domain::Envelope& meta, NodeId device,
                            const domain::NodeCommandIssued& issued) {
  const domain::NodeCommand& command = issued.command;
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO node_command (id, node, verb, argument, not_before_utc_us, "
          "expires_utc_us,"
          " if_config, requires_online, issued_hlc, issued_by)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
      .bind(command.id.value(), device.value(), static_cast<int>(command.verb), command.argument,
            command.not_before.us, command.expires.us, command.if_config, command.requires_online,
            meta.hlc.value, meta.actor.value())
      .run();
}

void NodeControl::apply_one(const domain::Envelope& meta, NodeId device,
                            const domain::NodeCommandEnded& ended) {
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO node_command_end (command, node, inc, seq, outcome, detail, hlc)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
      .bind(ended.command.value(), device.value(), meta.ref.inc.value(), meta.ref.seq,
            static_cast<int>(ended.outcome), ended.detail, meta.hlc.value)
      .run();
}

void NodeControl::apply_one(const domain::Envelope& meta, NodeId device,
                            const domain::NodeConfigDesired& desired) {
  connection_
      ->prepare(
          "INSERT OR IGNORE INTO node_config (node, version, config, set_hlc, set_by)"
          " VALUES (?1, ?2, ?3, ?4, ?5)")
      .bind(device.value(), desired.version, desired.values, meta.hlc.value, meta.actor.value())
      .run();
}

void NodeControl::apply_one(const domain::Envelope& meta, NodeId device,
                            const domain::NodeConfigReported& reported) {
  connection_
      ->prepare(
          "INSERT INTO node_config_report (node, version, outcome, error, in_force, hash, hlc, inc,"
          " seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
          " ON CONFLICT (node) DO UPDATE SET version = excluded.version,"
          " outcome = excluded.outcome, error = excluded.error, in_force = excluded.in_force,"
          " hash = excluded.hash, hlc = excluded.hlc, inc = excluded.inc, seq = excluded.seq"
          " WHERE (excluded.hlc, excluded.inc, excluded.seq) > (hlc, inc, seq)")
      .bind(device.value(), reported.version, static_cast<int>(reported.outcome), reported.error,
            reported.in_force, Blob{reported.hash}, meta.hlc.value, meta.ref.inc.value(),
            meta.ref.seq)
      .run();
}

void NodeControl::reset() {
  connection_->execute(
      "DELETE FROM node_command; DELETE FROM node_command_end; DELETE FROM node_config;"
      "DELETE FROM node_config_report;");
}

namespace {

/// The first answer counts, should there be two.
constexpr std::string_view kCommand =
    "SELECT c.id, c.node, c.verb, c.argument, c.not_before_utc_us, c.expires_utc_us, c.if_config,"
    " c.requires_online, c.issued_hlc, c.issued_by, e.outcome, e.detail, e.hlc"
    " FROM node_command c LEFT JOIN node_command_end e ON e.command = c.id AND e.node = c.node"
    " AND NOT EXISTS (SELECT 1 FROM node_command_end f WHERE f.command = e.command"
    " AND f.node = e.node AND (f.hlc, f.inc, f.seq) < (e.hlc, e.inc, e.seq))";

CommandRow read_command(const Statement& row) {
  CommandRow found;
  domain::NodeCommand& command = found.command;
  command.id = domain::CommandId(row.uuid(0));
  found.node = NodeId(row.uuid(1));
  command.verb = static_cast<domain::CommandVerb>(row.integer(2));
  command.argument = row.text(3);
  command.not_before = UtcTime{row.integer(4)};
  command.expires = UtcTime{row.integer(5)};
  if (!row.is_null(6)) command.if_config = row.unsigned_integer(6);
  command.requires_online = row.integer(7) != 0;
  found.issued = Hlc{row.unsigned_integer(8)};
  found.issued_by = UserId(row.uuid(9));
  if (!row.is_null(10)) {
    found.end = CommandRow::End{static_cast<domain::CommandOutcome>(row.integer(10)), row.text(11),
                                Hlc{row.unsigned_integer(12)}.utc()};
  }
  return found;
}

std::vector<CommandRow> read_commands(Statement& select) {
  std::vector<CommandRow> all;
  while (select.step()) all.push_back(read_command(select));
  return all;
}

}  // namespace

std::vector<CommandRow> node_commands(Connection& connection, NodeId node, std::size_t limit) {
  static const std::string kSql =
      std::string(kCommand) + " WHERE c.node = ?1 ORDER BY c.issued_hlc DESC, c.id LIMIT ?2";
  return read_commands(connection.prepare(kSql).bind(node.value(), limit));
}

std::optional<CommandRow> find_command_row(Connection& connection, domain::CommandId id) {
  static const std::string kSql = std::string(kCommand) + " WHERE c.id = ?1";
  auto rows = read_commands(connection.prepare(kSql).bind(id.value()));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::vector<CommandRow> open_commands(Connection& connection, NodeId node) {
  static const std::string kSql = std::string(kCommand) +
                                  " WHERE c.node = ?1 AND e.command IS NULL"
                                  " ORDER BY c.issued_hlc, c.id";
  return read_commands(connection.prepare(kSql).bind(node.value()));
}

std::optional<WantedConfig> wanted_config(Connection& connection, NodeId node) {
  Statement& select = connection.prepare(
      "SELECT version, config, set_hlc, set_by FROM node_config WHERE node = ?1"
      " ORDER BY version DESC LIMIT 1");
  if (!select.bind(node.value()).step()) return std::nullopt;
  WantedConfig wanted{{select.unsigned_integer(0), select.text(1)},
                      Hlc{select.unsigned_integer(2)}.utc(),
                      UserId(select.uuid(3))};
  select.reset();
  return wanted;
}

std::optional<ReportedConfig> reported_config(Connection& connection, NodeId node) {
  Statement& select = connection.prepare(
      "SELECT version, outcome, error, in_force, hash, hlc FROM node_config_report"
      " WHERE node = ?1");
  if (!select.bind(node.value()).step()) return std::nullopt;
  ReportedConfig reported{
      {select.unsigned_integer(0), static_cast<domain::ConfigOutcome>(select.integer(1)),
       select.text(2), select.unsigned_integer(3), select.blob(4)},
      Hlc{select.unsigned_integer(5)}.utc()};
  select.reset();
  return reported;
}

bool command_started(Connection& connection, domain::CommandId id) {
  Statement& select = connection.prepare("SELECT 1 FROM command_start WHERE command = ?1");
  const bool found = select.bind(id.value()).step();
  select.reset();
  return found;
}

std::uint64_t commands_started(Connection& connection) {
  Statement& select = connection.prepare("SELECT count(*) FROM command_start");
  select.bind();
  const std::uint64_t count = select.step() ? select.unsigned_integer(0) : 0;
  select.reset();
  return count;
}

void note_command_started(Connection& writer, domain::CommandId id, UtcTime now) {
  writer.prepare("INSERT INTO command_start (command, started_utc_us) VALUES (?1, ?2)")
      .bind(id.value(), now.us)
      .run();
}

}  // namespace cairn::storage
