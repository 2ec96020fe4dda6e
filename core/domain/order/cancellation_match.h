#pragma once
// A cancellation that names a customer and an article, but no order: which units does it mean? The
// newest that have not left yet; else the newest that have (then it is a return). Pure.

#include "core/base/ids.h"
#include "core/base/time.h"

#include <cstdint>
#include <vector>

namespace cairn::domain {

/// One line of the customer's orders with the wanted article.
struct CancellationCandidate {
  OrderId order;
  LineNo line;
  UtcTime placed_at;
  std::uint64_t placed_rank = 0;    ///< rises with each order placed; settles equal times
  std::int64_t unrouted_milli = 0;  ///< no site has it yet: can be cancelled
  std::int64_t at_site_milli = 0;   ///< with a site, not shipped
  std::int64_t shipped_milli = 0;
};

struct CancellationShare {
  enum class What : std::uint8_t {
    kCancel,  ///< take it off the order
    kAtSite,  ///< a site is working on it
    kReturn,  ///< it was shipped and came back
  };
  What what = What::kCancel;
  OrderId order;
  LineNo line;
  std::int64_t milli = 0;
  friend bool operator==(const CancellationShare&, const CancellationShare&) = default;
};

struct CancellationMatch {
  std::vector<CancellationShare> shares;
  std::int64_t unmatched_milli = 0;
};

/// Newest first: by placed_at, then placed_rank, then line number, each descending. All units not
/// shipped come before any shipped one.
CancellationMatch match_cancellation(std::vector<CancellationCandidate> candidates,
                                     std::int64_t milli);

}  // namespace cairn::domain
