#include "central/audit/audit_watch.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace cairn::central {
namespace {

constexpr Duration kRememberEvery = std::chrono::seconds(10);

}  // namespace

Result<> AuditWatch::start(std::string config) {
  return env_.executor.post([this, config = std::move(config)] {
    if (anchor_.enabled()) check();
    note_config(config);
    if (anchor_.enabled()) tick();
  });
}

void AuditWatch::append(const storage::AuditFact& fact) {
  writer_->submit<bool>(
      [fact](storage::UnitOfWork& work) -> Result<bool> {
        storage::append_audit(work.connection(), fact);
        return true;
      },
      [this](const Result<bool>& done) {
        if (done) {
          remember();
        } else {
          env_.log.error("audit_not_written", {{"why", done.error().message}});
        }
      });
}

void AuditWatch::note_config(const std::string& config) {
  const std::string hash = to_hex(crypto::to_bytes(crypto::sha256({config})));
  storage::AuditPage last;
  last.verb = "config";
  last.limit = 1;
  try {
    const auto before = storage::audit_page(*connection_, last);
    if (!before.empty() && before.front().fact.subject == hash) return;
  } catch (const storage::SqlFailure& failure) {
    env_.log.warn("audit_not_checked", {{"why", failure.message}});
    return;
  }
  append({env_.clock.utc_now(), UserId{}, "cairn-hub", "config", "", hash, "changed"});
}

/// A backup that was put back looks the same as a tail that was cut off: a person has to know which
/// it was.
void AuditWatch::check() {
  const auto before = anchor_.read();
  if (!before) return;
  try {
    const auto held = storage::find_audit_entry(*connection_, before->seq);
    if (before->seq == 0 || (held && held->hash == before->hash)) {
      remembered_ = *before;
      return;
    }
  } catch (const storage::SqlFailure& failure) {
    env_.log.warn("audit_not_checked", {{"why", failure.message}});
    return;
  }
  const std::string missing = storage::audit_head_text(*before);
  env_.log.warn("audit_trail_cut",
                {{"missing", missing},
                 {"what",
                  "the audit trail lacks an entry that was written: a backup was put back, or "
                  "somebody removed it; what follows is told in the trail itself"}});
  append({env_.clock.utc_now(), UserId{}, "cairn-hub", "audit.cut", "", missing, "noticed"});
}

void AuditWatch::tick() {
  env_.executor.after(kRememberEvery, [this] {
    remember();
    tick();
  });
}

void AuditWatch::remember() {
  if (!anchor_.enabled()) return;
  try {
    const storage::AuditHead head = storage::audit_head(*connection_);
    if (head == remembered_) return;
    if (const auto written = anchor_.write(head); !written) {
      env_.log.warn("audit_not_anchored", {{"why", written.error().message}});
      return;
    }
    remembered_ = head;
  } catch (const storage::SqlFailure& failure) {
    env_.log.warn("audit_not_anchored", {{"why", failure.message}});
  }
}

}  // namespace cairn::central
