#pragma once
// A small file outside the database that remembers the end of the audit trail, so that it is
// noticed when the last entries are gone: nothing in a chain tells that. Any thread.

#include "core/storage/audit_trail.h"

#include <optional>
#include <string>

namespace cairn::storage {

class AuditAnchor {
 public:
  /// `file` empty: nothing is remembered.
  AuditAnchor(std::string file, NodeId node) : file_(std::move(file)), node_(node) {}

  [[nodiscard]] bool enabled() const { return !file_.empty(); }
  /// Nothing if there is no file, if it cannot be understood, or if it is another hub's.
  [[nodiscard]] std::optional<AuditHead> read() const;
  /// Durably, all or nothing. Errors: kUnavailable "file_not_written".
  [[nodiscard]] Result<> write(const AuditHead& head) const;

 private:
  std::string file_;
  NodeId node_;
};

/// "17:<64 hexadecimal digits>", as people note it down.
std::string audit_head_text(const AuditHead& head);
/// Errors: kInvalid "bad_audit_head".
Result<AuditHead> parse_audit_head(std::string_view text);

}  // namespace cairn::storage
