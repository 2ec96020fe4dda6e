#pragma once
// Who did what at the hub, in entries of which each holds the hash of all before it: whoever
// changes or removes one has to make anew every hash that follows, and the last of them is kept
// elsewhere, too (audit_anchor.h). docs/access.md has the octets that are hashed. An entry is
// appended in the transaction of what it tells of. Local: never replicated. Errors as in
// sqlite/connection.h.

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/crypto/sha256.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// Longer texts of a fact are cut to so many octets.
inline constexpr std::size_t kAuditTextMost = 300;

struct AuditFact {
  UtcTime at;
  UserId actor;         ///< a person, an API key; nil: the hub itself
  std::string name;     ///< the actor's, now
  std::string verb;     ///< a permission, or "sign_in", "sign_out", "config", "audit.cut"
  std::string route;    ///< "POST /api/v1/payments/{payment}/refunds"; empty: no request
  std::string subject;  ///< what it was about: ids; never a secret, nothing of a request's body
  std::string outcome;  ///< the status answered, "begun", "refused"

  friend bool operator==(const AuditFact&, const AuditFact&) = default;
};

struct AuditEntry {
  std::uint64_t seq = 0;  ///< from 1, without gaps
  AuditFact fact;
  crypto::Hash256 hash{};
};

/// The end of the trail; seq 0 and zeros: there is none yet.
struct AuditHead {
  std::uint64_t seq = 0;
  crypto::Hash256 hash{};

  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// The hash of an entry that follows one with the hash `previous`. Any thread.
crypto::Hash256 audit_hash(const crypto::Hash256& previous, std::uint64_t seq,
                           const AuditFact& fact);

/// Inside a job. Returns the new end.
AuditHead append_audit(Connection& writer, AuditFact fact);

/// Any connection.
AuditHead audit_head(Connection& connection);
std::optional<AuditEntry> find_audit_entry(Connection& connection, std::uint64_t seq);

/// What a list shows; empty texts and nil: all.
struct AuditPage {
  UserId actor;
  std::string verb;
  std::string subject;
  std::optional<UtcTime> from;  ///< and later
  std::optional<UtcTime> to;    ///< and earlier
  std::uint64_t before = 0;     ///< entries with smaller numbers; 0: from the last on
  std::size_t limit = 100;
};
/// The latest first. Any connection.
std::vector<AuditEntry> audit_page(Connection& connection, const AuditPage& page);

struct AuditVerification {
  std::uint64_t entries = 0;  ///< that were read
  AuditHead head;             ///< of the part that is whole
  std::uint64_t cuts = 0;     ///< entries "audit.cut": the hub itself noticed that a tail was gone
  std::optional<std::uint64_t> broken;  ///< the first entry that is not as it was written
  std::string why;                      ///< for people; empty: it is whole
};
/// Computes every hash again. `anchor`: an end that was noted elsewhere; the trail must contain it.
/// Any connection.
AuditVerification verify_audit(Connection& connection, const std::optional<AuditHead>& anchor);

}  // namespace cairn::storage
