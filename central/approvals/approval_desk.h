#pragma once
// Sensitive verbs that need a second person: asked for by one, done once another agrees. Each
// function runs inside a job of the writer. Loop only.

#include "core/base/id_source.h"
#include "core/runtime/auth.h"
#include "core/storage/approval_table.h"
#include "core/storage/unit_of_work.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace cairn::central {

/// In minor units, whatever the currency; nothing: no limit. 0: every one needs a second person.
struct ApprovalRules {
  /// All that was given back of one payment, this included.
  std::optional<std::int64_t> refund_over_minor;
  /// What a gift card or store credit would be worth then.
  std::optional<std::int64_t> stored_value_over_minor;
  Duration lives = std::chrono::hours(24);  ///< then what was asked for is not done any more
};

/// True: it must not be done by one person alone. What refuses it, refuses it now. Errors: those
/// of the act itself (payment_book.h, stored_value_book.h).
Result<bool> needs_approval(storage::UnitOfWork& work, const ApprovalRules& rules,
                            const storage::ApprovalAct& act);

/// Writes down what is asked for.
storage::ApprovalRow ask_approval(storage::UnitOfWork& work, IdSource& ids,
                                  const ApprovalRules& rules, storage::ApprovalAct act,
                                  const runtime::Principal& asker);

struct ApprovalDecision {
  bool approve = false;
  std::string note;  ///< for the trail; at most 300 octets
};
/// If it is approved, what was asked for is done in the same transaction, in the asker's name.
/// Errors: kNotFound "no_such_approval"; kConflict "approval_settled" (somebody has decided),
/// "approval_expired"; kDenied "same_person" (who asked, or made the key that did), "person_needed"
/// (an API key cannot be the second person); those of the act itself: then it stays undecided.
Result<storage::ApprovalRow> decide_approval(storage::UnitOfWork& work, storage::ApprovalId id,
                                             const ApprovalDecision& decision,
                                             const runtime::Principal& decider);

}  // namespace cairn::central
