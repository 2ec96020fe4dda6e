#pragma once
// The record: one event in the exact octets that are stored, chained and sent (docs/protocol.md,
// record). It is encoded once, by its author, and never again; everybody else keeps and passes on
// the octets.

#include "core/base/bytes.h"
#include "core/base/hlc.h"
#include "core/base/ids.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::wire {

struct Record {
  Hlc hlc;
  std::uint32_t type = 0;
  std::uint32_t sv = 0;
  UserId actor;                  ///< nil: the system
  SiteId site;                   ///< empty: head office
  Bytes key;                     ///< domain::Key::bytes(); empty: commutative
  std::vector<EventRef> causes;  ///< of other authors
  std::vector<std::uint32_t>
      own_causes;  ///< the same author's, as distance back (1 = the one before)
  Bytes biz_key;
  /// Records of other authors on the same key that this one's author knew and the hub had not
  /// confirmed: this one takes effect after them. Ordered aggregates only.
  std::vector<EventRef> follows{};
  std::optional<EventRef> reissue_of;  ///< the record this one stands in for (REBASE)
  Bytes reissue_hash;                  ///< its chain hash, 16 octets; empty without `reissue_of`
  Bytes payload;

  friend bool operator==(const Record&, const Record&) = default;
};

/// Largest record anybody accepts, in octets.
inline constexpr std::size_t kMaxRecordSize = 448U << 10U;

/// Errors: kInvalid "record_too_large".
Result<Bytes> encode_record(const Record& record);

/// Errors: kCorrupt "bad_record".
Result<Record> decode_record(BytesView bytes);

}  // namespace cairn::wire
