#pragma once
// Notes the end of the audit trail outside the database, some seconds after it has grown. Before
// that, and at the start, it looks whether the end that was noted is still there. Loop only.

#include "core/base/env.h"
#include "core/storage/audit_anchor.h"
#include "core/storage/writer.h"

#include <functional>
#include <string>
#include <utility>

namespace cairn::central {

class AuditWatch {
 public:
  /// `writer` and `connection` (the loop's) outlive it.
  AuditWatch(Env env, storage::Writer& writer, storage::Connection& connection,
             storage::AuditAnchor anchor)
      : env_(env), writer_(&writer), connection_(&connection), anchor_(std::move(anchor)) {}

  /// Before the loop turns. A trail that lacks the end that was noted gets an entry "audit.cut"
  /// that names it, now or later, and goes on; one whose last configuration is not `config` (what
  /// was read, without secrets) gets an entry "config" with its SHA-256. Errors: kUnavailable
  /// "loop_full".
  Result<> start(std::string config);

 private:
  using Appended = std::function<void(const Result<storage::AuditHead>&)>;

  void append(const storage::AuditFact& fact, Appended appended);
  void note_config(const std::string& config);
  void tick();
  void look();
  void tell_cut();
  void note();

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  storage::AuditAnchor anchor_;
  storage::AuditHead seen_;  ///< the last end that was there
  bool noted_ = false;       ///< `seen_` is in the anchor
  bool telling_ = false;     ///< an entry "audit.cut" is on its way
};

}  // namespace cairn::central
