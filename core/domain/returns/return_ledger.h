#pragma once
// Return ledger: what came back of one ship group at one site. The group may have been filled by
// another site; the ledger carries what was sold, so that no feed depends on another. What other
// sites took back of the same group only the hub knows: it contests what was refunded twice.
//
// Merge rule: ordered, as a ship group. A unit that came back twice is taken both times, because it
// is a fact, and derives an exception the second time.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/quantity.h"
#include "core/domain/envelope.h"
#include "core/domain/fulfilment/ship_group.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class ReturnCondition : std::uint8_t {
  kRestock = 1,  ///< into a bin, for sale again
  kQcHold = 2,   ///< somebody has to inspect it
  kDamaged = 3,
};
/// "RESTOCK", "QC_HOLD", "DAMAGED"; empty for a number that is none of them.
std::string_view name_of(ReturnCondition condition);
/// Errors: kInvalid "bad_condition".
Result<ReturnCondition> parse_return_condition(std::string_view text);

/// Units of one line that came back in one condition.
struct ReturnedLine {
  LineNo line;  ///< the order's line
  Sku sku;
  std::string name;
  Quantity quantity;            ///< > 0
  std::int64_t sold_milli = 0;  ///< of this line, to this customer
  Money unit_price;             ///< as paid
  Money refund;                 ///< for these units
  ReturnCondition condition = ReturnCondition::kRestock;
  LocationCode to;  ///< where it lies now
  friend bool operator==(const ReturnedLine&, const ReturnedLine&) = default;
};

/// A customer brought goods back and is owed `refund`; moving the money is somebody else's event.
struct ReturnTaken {
  static constexpr std::uint32_t kTypeId = 300;
  ReturnId id;
  ShipGroupId group;
  OrderId order;
  std::string order_reference;
  std::vector<ReturnedLine> lines;
  Money refund;        ///< sum of the lines'
  UserId approved_by;  ///< a second person, above the limit; else nil
  std::string reason;  ///< what the customer says; may be empty
  /// The group was not known where it was taken, be it another site's or one that had not come yet:
  /// the hub tells the group. Otherwise whoever took it did, with UnitsReturned beside this.
  bool group_untold = false;
  friend bool operator==(const ReturnTaken&, const ReturnTaken&) = default;
};

/// By the hub: of what `taken` refunded, so much was refunded before, at another site or because it
/// was cancelled, or was never sold: the hand-over was a mistake.
struct RefundContested {
  static constexpr std::uint32_t kTypeId = 301;
  EventRef taken;
  LineNo line;
  std::int64_t milli = 0;
  friend bool operator==(const RefundContested&, const RefundContested&) = default;
};

using ReturnEvent = std::variant<ReturnTaken, RefundContested>;

// ---- state ----

struct ReturnLineState {
  LineNo line;
  std::int64_t sold_milli = 0;
  std::int64_t returned_milli = 0;  ///< never more than sold
  friend bool operator==(const ReturnLineState&, const ReturnLineState&) = default;
};

struct TakenReturn {
  EventRef ref;
  Hlc at;
  UserId actor;
  ReturnTaken what;
  friend bool operator==(const TakenReturn&, const TakenReturn&) = default;
};

/// Units for which money was promised twice. Derived, named by the second ReturnTaken.
struct RefundException {
  EventRef cause;
  LineNo line;
  std::int64_t milli = 0;
  bool elsewhere = false;  ///< the other time was at another site
  friend bool operator==(const RefundException&, const RefundException&) = default;
};

struct ReturnLedger {
  ShipGroupId group;
  SiteId site;
  std::vector<ReturnLineState> lines;  ///< by line number
  std::vector<TakenReturn> taken;      ///< in view order
  std::vector<RefundException> exceptions;

  [[nodiscard]] std::int64_t returned_milli(LineNo line) const;
  /// Units of the line that may still come back, if `sold_milli` were sold as far as is known now:
  /// that can be less than before, when a hand-over was a mistake or other sites took some back.
  [[nodiscard]] std::int64_t left_milli(LineNo line, std::int64_t sold_milli) const;
  friend bool operator==(const ReturnLedger&, const ReturnLedger&) = default;
};

/// Applies one event in place. Total: never fails, whatever the state.
void evolve(ReturnLedger& ledger, const Recorded<ReturnEvent>& recorded);

// ---- command ----

/// What was sold of a line, as far as this site knows.
struct SoldLine {
  LineNo line;
  Sku sku;
  std::string name;
  Quantity sold;  ///< shipped or handed over, returned units included
  Money unit_price;
  friend bool operator==(const SoldLine&, const SoldLine&) = default;
};

/// What the group's line says was sold of it: shipped or handed over, returned units included.
SoldLine sold_line(const ShipGroupLineState& line);

/// What `milli` units of the line are worth after `before_milli` of it came back. Goods by weight
/// are rounded to the nearest minor unit over all that came back, so that in many steps it is no
/// more than in one. Errors: kInvalid "overflow".
Result<Money> refund_of(const SoldLine& sold, std::int64_t before_milli, std::int64_t milli);

struct TakeReturn {
  ReturnId id;
  ShipGroupId group;
  OrderId order;
  std::string order_reference;
  std::vector<SoldLine> sold;
  struct Unit {
    LineNo line;
    std::int64_t milli = 0;
    ReturnCondition condition = ReturnCondition::kRestock;
    LocationCode to;
  };
  std::vector<Unit> units;
  std::string reason;
  UserId approved_by;  ///< nil: nobody
  Money limit;         ///< up to here one person may refund
};

/// Errors: kInvalid "bad_return", "overflow", "currency_mismatch"; kRejected "already_returned",
/// "nothing_sold", "needs_approval", "approver_is_operator".
Result<ReturnTaken> decide(const ReturnLedger& ledger, const TakeReturn& command, UserId actor);

}  // namespace cairn::domain
