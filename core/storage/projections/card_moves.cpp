#include "core/storage/projections/card_moves.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

namespace cairn::storage {
namespace {

constexpr std::string_view kMove =
    "SELECT q.payment_id, q.no, q.action, q.amount_minor, p.currency, q.reference,"
    " q.answered_utc_us FROM payment_question q JOIN payment p ON p.id = q.payment_id"
    " WHERE p.tender = 'CARD' AND q.outcome = 'DONE' AND q.action IN ('CAPTURE', 'REFUND')";

CardMove read_move(const Statement& row) {
  const bool refund = row.text(2) == name_of(domain::PaymentAction::kRefund);
  return {PaymentId(row.uuid(0)),
          static_cast<std::uint32_t>(row.integer(1)),
          refund ? domain::PaymentAction::kRefund : domain::PaymentAction::kCapture,
          {row.integer(3), stored_currency(row.text(4))},
          row.text(5),
          UtcTime{row.integer(6)}};
}

}  // namespace

std::optional<CardMove> find_card_move(Connection& connection, const std::string& reference) {
  static const std::string kSql =
      std::string(kMove) + " AND q.reference = ?1 AND q.reference <> ''";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(reference).step()) return std::nullopt;
  CardMove move = read_move(select);
  select.reset();
  return move;
}

std::vector<CardMove> card_moves(Connection& connection, UtcTime from, UtcTime to,
                                 std::size_t limit) {
  static const std::string kSql =
      std::string(kMove) +
      " AND q.answered_utc_us BETWEEN ?1 AND ?2 ORDER BY q.answered_utc_us, q.payment_id LIMIT ?3";
  Statement& select = connection.prepare(kSql);
  select.bind(from.us, to.us, limit);
  std::vector<CardMove> moves;
  while (select.step()) moves.push_back(read_move(select));
  return moves;
}

}  // namespace cairn::storage
