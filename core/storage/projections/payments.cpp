#include "core/storage/projections/payments.h"

#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <array>
#include <utility>

namespace cairn::storage {
namespace {

/// The value whose name was stored.
template <class Value>
Value stored_word(const std::string& text, Value last) {
  for (auto number = 0; number <= static_cast<int>(last); ++number) {
    const auto value = static_cast<Value>(number);
    if (name_of(value) == text) return value;
  }
  CAIRN_ASSERT(false, "stored words are known");
}

std::optional<std::int64_t> us_of(const std::optional<UtcTime>& time) {
  return time ? std::optional(time->us) : std::nullopt;
}

std::optional<UtcTime> time_of(const std::optional<std::int64_t>& us) {
  return us ? std::optional(UtcTime{*us}) : std::nullopt;
}

constexpr std::string_view kPayment =
    "SELECT rank, id, order_id, tender, status, currency, amount_minor, authorized_minor,"
    " captured_minor, refunded_minor, token, offline, authorization, expires_utc_us, opened_utc_us"
    " FROM payment p";

/// From fifteen columns; without its questions.
PaymentRow read_payment(const Statement& row) {
  const Currency currency = stored_currency(row.text(5));
  domain::Payment payment;
  payment.opened = {PaymentId(row.uuid(1)),
                    OrderId(row.uuid(2)),
                    stored_word(row.text(3), domain::Tender::kCash),
                    {row.integer(6), currency},
                    row.text(10),
                    row.integer(11) != 0};
  payment.status = stored_word(row.text(4), domain::PaymentStatus::kDeclined);
  payment.authorized_minor = row.integer(7);
  payment.captured_minor = row.integer(8);
  payment.refunded_minor = row.integer(9);
  payment.authorization = row.text(12);
  payment.expires = time_of(row.optional_integer(13));
  payment.opened_at = UtcTime{row.integer(14)};
  return {row.integer(0), std::move(payment)};
}

domain::PaymentQuestion read_question(const Statement& row, const domain::Payment& payment) {
  domain::PaymentQuestion question;
  question.asked = {static_cast<std::uint32_t>(row.integer(0)),
                    stored_word(row.text(1), domain::PaymentAction::kRefund),
                    payment.money(row.integer(2)),
                    row.is_null(3) ? ShipGroupId{} : ShipGroupId(row.uuid(3)),
                    row.integer(4) != 0,
                    row.text(5),
                    row.text(13),
                    row.text(14),
                    row.integer(15)};
  question.asked_at = UtcTime{row.integer(6)};
  if (!row.is_null(7)) {
    question.answer = {question.asked.no,
                       stored_word(row.text(7), domain::PaymentOutcome::kUnknown), row.text(8),
                       row.text(9), time_of(row.optional_integer(10))};
  }
  question.answered_at = time_of(row.optional_integer(11));
  question.unknown = static_cast<std::uint32_t>(row.integer(12));
  return question;
}

void read_questions(Connection& connection, domain::Payment& payment) {
  Statement& select = connection.prepare(
      "SELECT no, action, amount_minor, group_id, last, reason, asked_utc_us, outcome, reference,"
      " detail, expires_utc_us, answered_utc_us, unknown, authorization, capture, rest_minor"
      " FROM payment_question WHERE payment_id = ?1 ORDER BY no");
  select.bind(payment.opened.payment.value());
  while (select.step()) payment.questions.push_back(read_question(select, payment));
}

std::vector<PaymentRow> read_payments(Connection& connection, Statement& select) {
  std::vector<PaymentRow> rows;
  while (select.step()) rows.push_back(read_payment(select));
  for (PaymentRow& row : rows) read_questions(connection, row.payment);
  return rows;
}

std::vector<PaymentId> read_ids(Statement& select) {
  std::vector<PaymentId> ids;
  while (select.step()) ids.emplace_back(select.uuid(0));
  return ids;
}

void insert(Connection& connection, const domain::Payment& payment) {
  const domain::PaymentOpened& opened = payment.opened;
  connection
      .prepare(
          "INSERT INTO payment (id, order_id, tender, status, currency, amount_minor,"
          " authorized_minor, captured_minor, refunded_minor, token, offline, authorization,"
          " expires_utc_us, opened_utc_us)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, ?7, ?8, '', NULL, ?9)")
      .bind(opened.payment.value(), opened.order.value(), name_of(opened.tender),
            name_of(payment.status), opened.amount.currency.text(), opened.amount.minor,
            opened.token, opened.offline, payment.opened_at.us)
      .run();
}

void update(Connection& connection, const domain::Payment& payment) {
  connection
      .prepare(
          "UPDATE payment SET status = ?2, authorized_minor = ?3, captured_minor = ?4,"
          " refunded_minor = ?5, authorization = ?6, expires_utc_us = ?7 WHERE id = ?1")
      .bind(payment.opened.payment.value(), name_of(payment.status), payment.authorized_minor,
            payment.captured_minor, payment.refunded_minor, payment.authorization,
            us_of(payment.expires))
      .run();
}

void save_question(Connection& connection, PaymentId id, const domain::PaymentQuestion& question) {
  const domain::PaymentAsked& asked = question.asked;
  const auto& answer = question.answer;
  const std::optional<Uuid> group =
      asked.group.value().is_nil() ? std::nullopt : std::optional(asked.group.value());
  connection
      .prepare(
          "INSERT OR REPLACE INTO payment_question (payment_id, no, action, amount_minor, group_id,"
          " last, reason, asked_utc_us, outcome, reference, detail, expires_utc_us,"
          " answered_utc_us, unknown, authorization, capture, rest_minor)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)")
      .bind(id.value(), asked.no, name_of(asked.action), asked.amount.minor, group, asked.last,
            asked.reason, question.asked_at.us,
            answer ? std::optional(std::string(name_of(answer->outcome))) : std::nullopt,
            answer ? answer->reference : std::string(), answer ? answer->detail : std::string(),
            answer ? us_of(answer->expires) : std::nullopt, us_of(question.answered_at),
            question.unknown, asked.authorization, asked.capture, asked.rest_minor)
      .run();
}

}  // namespace

void Payments::apply(PaymentId id, const domain::Recorded<domain::PaymentEvent>& recorded) {
  auto before = find_payment(*connection_, id);
  const bool known = before.has_value();
  const auto after = domain::evolve(std::move(before), recorded);
  if (!after) return;
  if (!known) {
    insert(*connection_, *after);
    return;
  }
  update(*connection_, *after);
  // An event is about the last question, or about none.
  if (!after->questions.empty()) save_question(*connection_, id, after->questions.back());
}

void Payments::apply(StoredValueId id, const domain::StoredValueEvent& event) {
  const auto after = domain::evolve(find_stored_value(*connection_, id), event);
  if (!after) return;
  connection_
      ->prepare(
          "INSERT INTO stored_value (id, kind, currency, holder, hint, balance_minor)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
          " ON CONFLICT (id) DO UPDATE SET balance_minor = excluded.balance_minor")
      .bind(id.value(), name_of(after->opened.kind), after->opened.currency.text(),
            after->opened.holder, after->opened.hint, after->balance_minor)
      .run();
  for (const domain::Escrow& escrow : after->escrows) {
    connection_
        ->prepare(
            "INSERT OR REPLACE INTO stored_value_escrow (stored_value_id, no, site, amount_minor,"
            " spent_minor) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(id.value(), escrow.granted.no, escrow.granted.site.text(),
              escrow.granted.amount.minor, escrow.spent_minor)
        .run();
  }
}

void Payments::reset() {
  connection_->execute(
      "DELETE FROM payment; DELETE FROM payment_question; DELETE FROM stored_value;"
      " DELETE FROM stored_value_escrow;");
}

std::optional<domain::Payment> find_payment(Connection& connection, PaymentId id) {
  static const std::string kSql = std::string(kPayment) + " WHERE id = ?1";
  Statement& select = connection.prepare(kSql);
  auto rows = read_payments(connection, select.bind(id.value()));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front().payment);
}

std::vector<domain::Payment> payments_of(Connection& connection, OrderId order) {
  static const std::string kSql = std::string(kPayment) + " WHERE order_id = ?1 ORDER BY rank";
  Statement& select = connection.prepare(kSql);
  std::vector<domain::Payment> found;
  for (PaymentRow& row : read_payments(connection, select.bind(order.value()))) {
    found.push_back(std::move(row.payment));
  }
  return found;
}

std::vector<PaymentRow> payments(Connection& connection, const PaymentPage& page) {
  static const std::string kSql =
      std::string(kPayment) +
      " WHERE rank > ?1 AND (?2 IS NULL OR status = ?2) ORDER BY rank LIMIT ?3";
  // Few payments have an open question: an index knows them.
  static const std::string kOpenSql =
      std::string(kPayment) +
      " WHERE id IN (SELECT payment_id FROM payment_question"
      " WHERE outcome IS NULL OR outcome = 'UNKNOWN')"
      " AND rank > ?1 AND (?2 IS NULL OR status = ?2) ORDER BY rank LIMIT ?3";
  Statement& select = connection.prepare(page.only_open ? kOpenSql : kSql);
  const auto status =
      page.status ? std::optional(std::string(name_of(*page.status))) : std::nullopt;
  return read_payments(connection, select.bind(page.after_rank, status, page.limit));
}

std::vector<PaymentId> payments_in_question(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT payment_id FROM payment_question WHERE outcome IS NULL OR outcome = 'UNKNOWN'"
      " ORDER BY asked_utc_us, payment_id");
  return read_ids(select.bind());
}

std::vector<PaymentId> expired_payments(Connection& connection, UtcTime now, std::size_t limit) {
  Statement& select = connection.prepare(
      "SELECT id FROM payment WHERE expires_utc_us <= ?1"
      " AND status IN ('AUTHORIZED', 'PARTIALLY_CAPTURED')"
      " AND NOT EXISTS (SELECT 1 FROM payment_question q WHERE q.payment_id = payment.id"
      " AND (q.outcome IS NULL OR q.outcome = 'UNKNOWN')) ORDER BY expires_utc_us LIMIT ?2");
  return read_ids(select.bind(now.us, limit));
}

std::optional<AnsweredQuestion> find_question(Connection& connection,
                                              const std::string& reference) {
  Statement& select = connection.prepare(
      "SELECT payment_id, no FROM payment_question WHERE reference = ?1 AND reference <> ''");
  if (!select.bind(reference).step()) return std::nullopt;
  const AnsweredQuestion found{PaymentId(select.uuid(0)),
                               static_cast<std::uint32_t>(select.integer(1))};
  select.reset();
  return found;
}

std::optional<domain::StoredValue> find_stored_value(Connection& connection, StoredValueId id) {
  Statement& select = connection.prepare(
      "SELECT kind, currency, holder, hint, balance_minor FROM stored_value WHERE id = ?1");
  if (!select.bind(id.value()).step()) return std::nullopt;
  domain::StoredValue value;
  value.opened = {id, stored_word(select.text(0), domain::StoredValueKind::kStoreCredit),
                  stored_currency(select.text(1)), select.text(2), select.text(3)};
  value.balance_minor = select.integer(4);
  select.reset();
  Statement& escrows = connection.prepare(
      "SELECT no, site, amount_minor, spent_minor FROM stored_value_escrow"
      " WHERE stored_value_id = ?1 ORDER BY no");
  escrows.bind(id.value());
  while (escrows.step()) {
    value.escrows.push_back({{static_cast<std::uint32_t>(escrows.integer(0)),
                              stored_site(escrows.text(1)), value.money(escrows.integer(2))},
                             escrows.optional_integer(3)});
  }
  return value;
}

}  // namespace cairn::storage
