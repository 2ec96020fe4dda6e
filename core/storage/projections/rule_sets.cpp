#include "core/storage/projections/rule_sets.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {
namespace {

/// The last version of each name, if it is active; of these the one defined last is in use.
constexpr std::string_view kInUse =
    "(SELECT max(u.rank) FROM routing_rule_set u WHERE u.active = 1 AND u.version ="
    " (SELECT max(v.version) FROM routing_rule_set v WHERE v.name = u.name))";

std::string rule_set_query(std::string_view where) {
  return "SELECT r.name, r.version, r.active, r.definition, r.defined_utc_us, r.actor,"
         " coalesce(r.rank = " +
         std::string(kInUse) + ", 0) FROM routing_rule_set r " + std::string(where);
}

RuleSetRow read_rule_set(const Statement& row) {
  RuleSetRow found;
  found.defined = {row.text(0), static_cast<std::uint32_t>(row.integer(1)), row.integer(2) != 0,
                   row.text(3)};
  found.defined_at = UtcTime{row.integer(4)};
  found.actor = UserId(row.uuid(5));
  found.in_use = row.integer(6) != 0;
  return found;
}

std::optional<RuleSetRow> first_rule_set(Statement& select) {
  if (!select.step()) return std::nullopt;
  RuleSetRow row = read_rule_set(select);
  select.reset();
  return row;
}

}  // namespace

void RuleSets::apply(const domain::Envelope& meta, const domain::RoutingEvent& event) {
  const auto& defined = std::get<domain::RoutingRulesDefined>(event);
  connection_
      ->prepare(
          "INSERT OR REPLACE INTO routing_rule_set (name, version, active, definition,"
          " defined_utc_us, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(defined.name, defined.version, defined.active, defined.definition, meta.hlc.utc().us,
            meta.actor.value())
      .run();
}

void RuleSets::reset() { connection_->execute("DELETE FROM routing_rule_set;"); }

std::vector<RuleSetRow> rule_sets(Connection& connection) {
  static const std::string kSql = rule_set_query(
      "WHERE r.version = (SELECT max(v.version) FROM routing_rule_set v WHERE v.name = r.name)"
      " ORDER BY r.name");
  Statement& select = connection.prepare(kSql);
  select.bind();
  std::vector<RuleSetRow> rows;
  while (select.step()) rows.push_back(read_rule_set(select));
  return rows;
}

std::optional<RuleSetRow> find_rule_set(Connection& connection, const std::string& name,
                                        std::uint32_t version) {
  static const std::string kSql = rule_set_query(
      "WHERE r.name = ?1 AND (?2 = 0 OR r.version = ?2) ORDER BY r.version DESC LIMIT 1");
  return first_rule_set(connection.prepare(kSql).bind(name, version));
}

std::optional<RuleSetRow> rule_set_in_use(Connection& connection) {
  static const std::string kSql = rule_set_query("WHERE r.rank = " + std::string(kInUse));
  return first_rule_set(connection.prepare(kSql).bind());
}

}  // namespace cairn::storage
