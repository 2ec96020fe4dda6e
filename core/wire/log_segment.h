#pragma once
// A segment: old records of one author in one packed piece, as a database keeps them once they have
// left their rows. It holds what the rows said beside what follows from the records themselves. Any
// thread.

#include "core/base/bytes.h"

#include <cstdint>
#include <vector>

namespace cairn::wire {

/// A record that has left its row.
struct FoldedRecord {
  std::uint64_t seq = 0;
  std::int64_t feed = 0;   ///< its feed's local number; 0: in no feed
  std::uint64_t fseq = 0;  ///< 0: in no feed
  Bytes key;               ///< empty: none
  Bytes seal;              ///< empty: none
  Bytes record;            ///< its author's octets

  friend bool operator==(const FoldedRecord&, const FoldedRecord&) = default;
};

inline constexpr std::size_t kSegmentRecordsMost = 4096;
/// Octets of records, from which on a segment takes no more; one record more fits.
inline constexpr std::size_t kSegmentRawMost = 2U << 20U;

/// `records`: 1 to kSegmentRecordsMost, by rising number.
Bytes encode_segment(const std::vector<FoldedRecord>& records);
/// Errors: kCorrupt "bad_segment", "bad_compression".
Result<std::vector<FoldedRecord>> decode_segment(BytesView octets);

}  // namespace cairn::wire
