#pragma once
// Stock: a ledger of movements and counts. Merge rule: commutative; on_hand of a cell (site,
// location, SKU) is a pure function of the SET of events: the last count, plus the movements after
// it, ordered by (hlc, node, inc, seq). A count is a checkpoint at its instant, never a difference,
// so a sale sent late but made before the count is already in it. Negative stock is possible and
// shown, never hidden.

#include "core/base/ids.h"
#include "core/base/quantity.h"
#include "core/domain/envelope.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace cairn::domain {

/// Why stock moved (domain terms of the field; numbers are stored: never reused).
enum class MovementReason : std::uint8_t {
  kPick = 1,      ///< bin to tote; the site's on_hand stays
  kIssue = 2,     ///< shipped or handed over: out of the site
  kCountAdj = 3,  ///< a signed correction
  kReceipt = 4,
  kPutBack = 5,        ///< tote to bin: not needed after all
  kIssueUndone = 6,    ///< a hand-over was a mistake: back into the tote
  kShort = 7,          ///< lost: missing, or not what the label says
  kHold = 8,           ///< bin to hold: there, but not to be promised
  kReturnRestock = 9,  ///< back from a customer, fit for sale
  kReturnQc = 10,      ///< back from a customer, to be inspected
  kReturnDamaged = 11,
  kPickUndone = 12,  ///< tote to the bin it came from: a pick was a mistake
  kSale = 13,        ///< sold at the counter: out of the site
  // What somebody says of it (adjustment.h).
  kVarLost = 14,
  kVarStolen = 15,
  kVarFound = 16,
  kVarDamaged = 17,
  kVarIntegr = 18,
  kVarSample = 19,
};

/// "PICK", "ISSUE", ...; empty for a number that is none of them.
std::string_view name_of(MovementReason reason);

/// The site is the envelope's. An empty location is the world outside the site.
struct StockMoved {
  static constexpr std::uint32_t kTypeId = 50;
  Sku sku;
  LocationCode from;
  LocationCode to;
  Quantity quantity;  ///< > 0
  MovementReason reason = MovementReason::kPick;
  ShipGroupId ship_group;  ///< nil: none
  /// The lease under which it was sold (stock_lease.h); nil: none.
  StockLeaseId lease{};
  /// Who let it pass though no lease covers it; nil: nobody had to.
  UserId approved_by{};
  friend bool operator==(const StockMoved&, const StockMoved&) = default;
};

enum class CountSource : std::uint8_t {
  kImport = 1,
  kRecount = 2,
  kNotInStock = 3,  ///< a picker found the bin empty
};
/// "IMPORT", "RECOUNT", "NOT_IN_STOCK"; empty for a number that is none of them.
std::string_view name_of(CountSource source);

/// The site is the envelope's.
struct StockCounted {
  static constexpr std::uint32_t kTypeId = 51;
  Sku sku;
  LocationCode location;
  Quantity quantity;
  CountSource source = CountSource::kRecount;
  friend bool operator==(const StockCounted&, const StockCounted&) = default;
};

using StockEvent = std::variant<StockMoved, StockCounted>;

/// Places that hold units which are on hand, but cannot be promised. Codes that begin with "HOLD-".
LocationCode hold_damaged();
LocationCode hold_display();
LocationCode hold_qc();
LocationCode hold_customer();
bool is_hold(const LocationCode& location);

/// Where an event stands among all events of a cell. An author's stamps only grow, so (hlc, node)
/// is already unique; inc and seq settle what a cloned device could do.
struct StockPosition {
  Hlc hlc;
  EventRef ref;
  friend auto operator<=>(const StockPosition&, const StockPosition&) = default;
};

/// One cell's share of an event.
struct CellMovement {
  StockPosition at;
  std::int64_t delta_milli = 0;
};

struct CellCount {
  StockPosition at;
  std::int64_t quantity_milli = 0;
};

/// The rule itself, for checkers and tests; the projection does the same step by step.
std::int64_t on_hand_milli(const std::vector<CellCount>& counts,
                           const std::vector<CellMovement>& movements);

/// Errors: kInvalid "bad_movement" with a sentence.
Result<> validate(const StockMoved& moved);

}  // namespace cairn::domain
