#pragma once
// The return counter: find what was sold, by label, receipt or pickup code; take units of it by
// scan, each with its condition; then say what the customer is owed. Until it is taken a return is
// a draft of its station and counts for nothing. Each function runs inside a job of the writer.
// Loop only.

#include "core/base/barcode.h"
#include "core/storage/found_sales.h"
#include "core/storage/return_drafts.h"
#include "core/storage/unit_of_work.h"
#include "edge-agent/workflows/operator.h"
#include "edge-agent/workflows/scan_verdict.h"

#include <optional>
#include <string>

namespace cairn::agent {

/// What the station's draft says, and what may still be added to it.
struct ReturnView {
  struct Line {
    domain::SaleLine sale;
    std::int64_t returned_milli = 0;  ///< before, at this site
    std::int64_t left_milli = 0;      ///< not in the draft yet
  };
  ShipGroupId group;
  OrderId order;
  std::string order_reference;
  domain::ReturnCondition condition = domain::ReturnCondition::kRestock;
  std::vector<Line> lines;
  std::vector<storage::ReturnDraft::Unit> units;
  Money refund;  ///< for the units in the draft
};

/// The sale behind a label (SSCC or tracking number), a receipt (the order's number) or a pickup
/// code, as far as this device knows it. Nothing: the hub may know it.
std::optional<domain::Sale> find_sale(storage::UnitOfWork& work, const std::string& text);

/// Errors: kNotFound "unknown_sale".
Result<ScanVerdict> begin_return(storage::UnitOfWork& work, const Operator& by,
                                 const std::string& text);

/// The draft of a station. Errors: kNotFound "no_return" (none was begun).
Result<ReturnView> current_return(storage::UnitOfWork& work, const std::string& station);

/// One unit, in the condition that is set. Errors: kRejected "unknown_item", "wrong_item",
/// "already_returned"; kNotFound "no_return".
Result<ScanVerdict> return_one(storage::UnitOfWork& work, const Operator& by,
                               const Barcode& barcode);

/// Takes the last unit that a scan put there off the draft. Errors: kRejected "nothing_to_undo".
Result<ScanVerdict> take_off_one(storage::UnitOfWork& work, const Operator& by);

/// Errors: kNotFound "no_return".
Result<> set_condition(storage::UnitOfWork& work, const Operator& by,
                       domain::ReturnCondition condition);
/// Errors: kNotFound "no_return", "no_such_line"; kRejected "already_returned"; kInvalid
/// "bad_return".
Result<> set_units(storage::UnitOfWork& work, const Operator& by,
                   const storage::ReturnDraft::Unit& unit);
void drop_return(storage::UnitOfWork& work, const Operator& by);

struct TakeDraft {
  std::string reason;
  UserId approved_by;  ///< nil: nobody
  std::int64_t alone_up_to_minor = 0;
};
/// The draft becomes a fact; the station has none afterwards. Errors: kNotFound "no_return"; those
/// of domain::decide().
Result<ReturnId> take_draft(storage::UnitOfWork& work, const Operator& by, const TakeDraft& take,
                            ReturnId id);

}  // namespace cairn::agent
