#pragma once
// Remembers the end of the audit trail outside the database, some seconds after it has grown, and
// says at the start whether what was remembered is still there. Loop only.

#include "core/base/env.h"
#include "core/storage/audit_anchor.h"
#include "core/storage/writer.h"

#include <string>
#include <utility>

namespace cairn::central {

class AuditWatch {
 public:
  /// `writer` and `connection` (the loop's) outlive it.
  AuditWatch(Env env, storage::Writer& writer, storage::Connection& connection,
             storage::AuditAnchor anchor)
      : env_(env), writer_(&writer), connection_(&connection), anchor_(std::move(anchor)) {}

  /// Before the loop turns. A trail that lacks the end that was remembered gets an entry
  /// "audit.cut" that names it, and goes on; one whose last configuration is not `config` (what was
  /// read, without secrets) gets an entry "config" with its SHA-256. Errors: kUnavailable
  /// "loop_full".
  Result<> start(std::string config);

 private:
  void check();
  void note_config(const std::string& config);
  void append(const storage::AuditFact& fact);
  void tick();
  void remember();

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  storage::AuditAnchor anchor_;
  storage::AuditHead remembered_;
};

}  // namespace cairn::central
