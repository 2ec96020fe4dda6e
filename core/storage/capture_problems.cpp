#include "core/storage/capture_problems.h"

#include "core/storage/sqlite/statement.h"

namespace cairn::storage {
namespace {

constexpr std::string_view kProblem =
    "SELECT rank, id, channel, topic, external_id, payload, reason, message, first_utc_us,"
    " last_utc_us, tries, order_id FROM capture_problem";

CaptureProblem read_problem(const Statement& row) {
  CaptureProblem problem;
  problem.rank = row.integer(0);
  problem.id = row.uuid(1);
  problem.message = {row.text(2), row.text(3), row.text(4), row.text(5)};
  problem.reason = row.text(6);
  problem.detail = row.text(7);
  problem.first_at = UtcTime{row.integer(8)};
  problem.last_at = UtcTime{row.integer(9)};
  problem.tries = row.integer(10);
  if (!row.is_null(11)) problem.order = OrderId(row.uuid(11));
  return problem;
}

}  // namespace

void keep_problem(Connection& writer, const Uuid& id, const ChannelMessage& message,
                  const Error& error, UtcTime now) {
  writer
      .prepare(
          "INSERT INTO capture_problem (id, channel, topic, external_id, reason, message, payload,"
          " first_utc_us, last_utc_us, tries) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 1)"
          " ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, message = excluded.message,"
          " last_utc_us = excluded.last_utc_us, tries = tries + 1")
      .bind(id, message.channel, message.topic, message.external_id, error.reason, error.message,
            message.payload, now.us)
      .run();
}

void solve_problem(Connection& writer, const Uuid& id, OrderId order, UtcTime now) {
  writer
      .prepare(
          "UPDATE capture_problem SET order_id = ?2, payload = '', last_utc_us = ?3,"
          " tries = tries + 1"
          " WHERE id = ?1 AND order_id IS NULL")
      .bind(id, order.value(), now.us)
      .run();
}

bool dismiss_problem(Connection& writer, const Uuid& id) {
  if (!find_problem(writer, id)) return false;
  writer.prepare("DELETE FROM capture_problem WHERE id = ?1").bind(id).run();
  return true;
}

std::optional<CaptureProblem> find_problem(Connection& connection, const Uuid& id) {
  static const std::string kSql = std::string(kProblem) + " WHERE id = ?1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(id).step()) return std::nullopt;
  CaptureProblem problem = read_problem(select);
  select.reset();
  return problem;
}

std::vector<CaptureProblem> capture_problems(Connection& connection, std::int64_t after_rank,
                                             std::size_t limit, bool all) {
  constexpr std::string_view kWithoutMessage =
      "SELECT rank, id, channel, topic, external_id, '', reason, message, first_utc_us,"
      " last_utc_us, tries, order_id FROM capture_problem";
  static const std::string kAll =
      std::string(kWithoutMessage) + " WHERE rank > ?1 ORDER BY rank LIMIT ?2";
  static const std::string kOpen =
      std::string(kWithoutMessage) + " WHERE rank > ?1 AND order_id IS NULL ORDER BY rank LIMIT ?2";
  Statement& select = connection.prepare(all ? kAll : kOpen);
  select.bind(after_rank, limit);
  std::vector<CaptureProblem> problems;
  while (select.step()) problems.push_back(read_problem(select));
  return problems;
}

}  // namespace cairn::storage
