#include "core/storage/approval_table.h"

#include "core/base/assert.h"
#include "core/storage/sqlite/statement.h"
#include "core/storage/sqlite/stored_values.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::storage {
namespace {

constexpr std::array<std::pair<ApprovalKind, std::string_view>, 4> kApprovalKinds = {{
    {ApprovalKind::kRefund, "REFUND"},
    {ApprovalKind::kGiftCard, "GIFT_CARD"},
    {ApprovalKind::kStoreCredit, "STORE_CREDIT"},
    {ApprovalKind::kTopUp, "TOP_UP"},
}};
constexpr std::array<std::pair<ApprovalState, std::string_view>, 4> kApprovalStates = {{
    {ApprovalState::kPending, "PENDING"},
    {ApprovalState::kDone, "DONE"},
    {ApprovalState::kRejected, "REJECTED"},
    {ApprovalState::kExpired, "EXPIRED"},
}};
constexpr std::string_view kApprovalColumns =
    "SELECT rank, id, kind, subject, customer, hint, reason, currency, amount_minor, state,"
    " asked_by, asked_by_name, answerable, asked_utc_us, expires_utc_us, decided_by,"
    " decided_by_name, decided_utc_us, note FROM approval";

ApprovalKind stored_kind(const std::string& text) {
  const auto* const row =
      std::ranges::find(kApprovalKinds, text, &std::pair<ApprovalKind, std::string_view>::second);
  CAIRN_ASSERT(row != kApprovalKinds.end(), "stored kinds are known");
  return row->first;
}

ApprovalRow read_approval(const Statement& row) {
  ApprovalRow approval;
  approval.rank = row.integer(0);
  approval.id = ApprovalId(row.uuid(1));
  approval.act = {stored_kind(row.text(2)),
                  row.uuid(3),
                  row.text(4),
                  row.text(5),
                  row.text(6),
                  {row.integer(8), stored_currency(row.text(7))}};
  const auto state = parse_approval_state(row.text(9));
  CAIRN_ASSERT(state.has_value(), "stored states are known");
  approval.state = *state;
  approval.asked_by = UserId(row.uuid(10));
  approval.asked_by_name = row.text(11);
  approval.answerable = UserId(row.uuid(12));
  approval.asked_at = {row.integer(13)};
  approval.expires_at = {row.integer(14)};
  if (!row.is_null(15)) {
    approval.decided_by = UserId(row.uuid(15));
    approval.decided_by_name = row.text(16);
    approval.decided_at = UtcTime{row.integer(17)};
  }
  approval.note = row.text(18);
  return approval;
}

}  // namespace

std::string_view name_of(ApprovalKind kind) {
  for (const auto& [value, name] : kApprovalKinds) {
    if (value == kind) return name;
  }
  return "";
}

std::string_view name_of(ApprovalState state) {
  for (const auto& [value, name] : kApprovalStates) {
    if (value == state) return name;
  }
  return "";
}

Result<ApprovalState> parse_approval_state(std::string_view text) {
  for (const auto& [value, name] : kApprovalStates) {
    if (name == text) return value;
  }
  return fail(ErrorCode::kInvalid, "bad_approval_state",
              "the state of an approval is PENDING, DONE, REJECTED or EXPIRED");
}

void add_approval(Connection& writer, const ApprovalRow& row) {
  const ApprovalAct& act = row.act;
  writer
      .prepare(
          "INSERT INTO approval (rank, id, kind, subject, customer, hint, reason, currency,"
          " amount_minor, state, asked_by, asked_by_name, answerable, asked_utc_us,"
          " expires_utc_us, note)"
          " VALUES ((SELECT coalesce(max(rank), 0) + 1 FROM approval),"
          " ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)")
      .bind(row.id.value(), name_of(act.kind), act.subject, act.customer, act.hint, act.reason,
            act.amount.currency.text(), act.amount.minor, name_of(row.state), row.asked_by.value(),
            row.asked_by_name, row.answerable.value(), row.asked_at.us, row.expires_at.us, row.note)
      .run();
}

void settle_approval(Connection& writer, const ApprovalRow& row) {
  CAIRN_ASSERT(row.decided_by && row.decided_at, "somebody decided at some time");
  writer
      .prepare(
          "UPDATE approval SET state = ?2, decided_by = ?3, decided_by_name = ?4,"
          " decided_utc_us = ?5, note = ?6 WHERE id = ?1")
      .bind(row.id.value(), name_of(row.state), row.decided_by->value(), row.decided_by_name,
            row.decided_at->us, row.note)
      .run();
}

std::optional<ApprovalRow> find_approval(Connection& connection, ApprovalId id) {
  static const std::string kSql = std::string(kApprovalColumns) + " WHERE id = ?1";
  Statement& select = connection.prepare(kSql);
  if (!select.bind(id.value()).step()) return std::nullopt;
  ApprovalRow row = read_approval(select);
  select.reset();
  return row;
}

std::vector<ApprovalRow> approvals(Connection& connection, const ApprovalPage& page) {
  static const std::string kSql =
      std::string(kApprovalColumns) +
      " WHERE rank < ?1 AND (?2 = '' OR ?2 = CASE WHEN state = 'PENDING' AND expires_utc_us <= ?3"
      " THEN 'EXPIRED' ELSE state END) ORDER BY rank DESC LIMIT ?4";
  Statement& select = connection.prepare(kSql);
  select.bind(page.before_rank, page.state ? name_of(*page.state) : std::string_view(), page.now.us,
              page.limit);
  std::vector<ApprovalRow> rows;
  while (select.step()) rows.push_back(read_approval(select));
  return rows;
}

}  // namespace cairn::storage
