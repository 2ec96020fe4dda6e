#pragma once
// What waits for a second person at the hub, and what became of it. Local: never replicated.
// Writing: inside a job; errors as in sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/time.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

using ApprovalId = Strong<struct ApprovalTag, Uuid>;

enum class ApprovalKind : std::uint8_t { kRefund, kGiftCard, kStoreCredit, kTopUp };
/// "REFUND", "GIFT_CARD", "STORE_CREDIT", "TOP_UP".
std::string_view name_of(ApprovalKind kind);

/// kExpired is not stored: it is what a pending one is after its time.
enum class ApprovalState : std::uint8_t { kPending, kDone, kRejected, kExpired };
/// "PENDING", "DONE", "REJECTED", "EXPIRED".
std::string_view name_of(ApprovalState state);
/// Errors: kInvalid "bad_approval_state".
Result<ApprovalState> parse_approval_state(std::string_view text);

/// What is done once it is approved.
struct ApprovalAct {
  ApprovalKind kind = ApprovalKind::kRefund;
  Uuid subject;          ///< the payment, the gift card to be, or the stored value; nil: a customer
  std::string customer;  ///< kStoreCredit: whose
  std::string hint;      ///< kGiftCard: the end of its code
  std::string reason;    ///< kRefund: as it was given
  Money amount;
};

struct ApprovalRow {
  std::int64_t rank = 0;  ///< the order in which they were asked for
  ApprovalId id;
  ApprovalAct act;
  ApprovalState state = ApprovalState::kPending;
  UserId asked_by;  ///< a person or an API key
  std::string asked_by_name;
  UserId answerable;  ///< the person behind `asked_by`
  UtcTime asked_at;
  UtcTime expires_at;
  std::optional<UserId> decided_by;
  std::string decided_by_name;
  std::optional<UtcTime> decided_at;
  std::string note;  ///< of who decided

  [[nodiscard]] ApprovalState state_at(UtcTime now) const {
    const bool late = state == ApprovalState::kPending && expires_at <= now;
    return late ? ApprovalState::kExpired : state;
  }
};

/// `row.rank` is given here.
void add_approval(Connection& writer, const ApprovalRow& row);
/// Writes the state, and who decided.
void settle_approval(Connection& writer, const ApprovalRow& row);

/// Any connection.
std::optional<ApprovalRow> find_approval(Connection& connection, ApprovalId id);

struct ApprovalPage {
  std::optional<ApprovalState> state;  ///< at `now`
  UtcTime now;
  std::int64_t before_rank = INT64_MAX;
  std::size_t limit = 100;
};
/// The latest first. Any connection.
std::vector<ApprovalRow> approvals(Connection& connection, const ApprovalPage& page);

}  // namespace cairn::storage
