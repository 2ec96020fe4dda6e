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
    if (anchor_.enabled()) {
      seen_ = anchor_.read().value_or(storage::AuditHead{});
      look();
    }
    note_config(config);
    if (anchor_.enabled()) tick();
  });
}

void AuditWatch::append(const storage::AuditFact& fact, Appended appended) {
  writer_->submit<storage::AuditHead>(
      [fact](storage::UnitOfWork& work) -> Result<storage::AuditHead> {
        return storage::append_audit(work.connection(), fact);
      },
      [this, appended = std::move(appended)](const Result<storage::AuditHead>& end) {
        if (!end) env_.log.error("audit_not_written", {{"why", end.error().message}});
        appended(end);
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
  append({env_.clock.utc_now(), UserId{}, "cairn-hub", "config", "", hash, "changed"},
         [this](const Result<storage::AuditHead>& end) {
           if (end) look();
         });
}

void AuditWatch::tick() {
  env_.executor.after(kRememberEvery, [this] {
    look();
    tick();
  });
}

/// The noted end goes on only from an end that is still there.
void AuditWatch::look() {
  if (!anchor_.enabled() || telling_) return;
  try {
    if (seen_.seq != 0) {
      const auto held = storage::find_audit_entry(*connection_, seen_.seq);
      if (!held || held->hash != seen_.hash) {
        tell_cut();
        return;
      }
    }
    const storage::AuditHead head = storage::audit_head(*connection_);
    noted_ = noted_ && head == seen_;
    seen_ = head;
  } catch (const storage::SqlFailure& failure) {
    env_.log.warn("audit_not_checked", {{"why", failure.message}});
    return;
  }
  note();
}

/// A backup that was put back looks the same as a tail that was cut off: a person has to know which
/// it was. What is not told now is told at the next look.
void AuditWatch::tell_cut() {
  const std::string missing = storage::audit_head_text(seen_);
  env_.log.warn("audit_trail_cut",
                {{"missing", missing},
                 {"what",
                  "the audit trail lacks an entry that was written: a backup was put back, or "
                  "somebody removed it; what follows is told in the trail itself"}});
  telling_ = true;
  append({env_.clock.utc_now(), UserId{}, "cairn-hub", "audit.cut", "", missing, "noticed"},
         [this](const Result<storage::AuditHead>& end) {
           telling_ = false;
           if (!end) return;
           seen_ = *end;
           noted_ = false;
           look();
         });
}

void AuditWatch::note() {
  if (noted_) return;
  if (const auto written = anchor_.write(seen_); !written) {
    env_.log.warn("audit_not_anchored", {{"why", written.error().message}});
    return;
  }
  noted_ = true;
}

}  // namespace cairn::central
