#include "core/storage/writer.h"

#include "core/base/assert.h"
#include "core/storage/disk_use.h"

namespace cairn::storage {
namespace {

bool is_full(const Result<>& outcome) { return !outcome && outcome.error().reason == kDiskFull; }

}  // namespace

Writer::Writer(Replica& replica, Executor& executor, const Clock& clock, Metrics& metrics,
               Fatal on_fatal)
    : replica_(&replica),
      executor_(&executor),
      clock_(&clock),
      metrics_(&metrics),
      on_fatal_(std::move(on_fatal)) {}

void Writer::enqueue(std::function<Result<>(UnitOfWork&)> job,
                     std::function<void(const Result<>&)> done) {
  CAIRN_ASSERT(executor_->in_loop(), "jobs are submitted on the loop");
  queue_.push_back({std::move(job), std::move(done)});
  if (flush_posted_) return;
  // Posted behind everything that waits already, so that what those tasks submit joins this commit.
  flush_posted_ = true;
  const auto posted = executor_->post([this] { flush(); });
  CAIRN_ASSERT(posted.has_value(), "the loop's own tasks always fit");
}

std::uint64_t Writer::reusable_bytes() {
  try {
    return storage::reusable_bytes(replica_->connection());
  } catch (const SqlFailure&) {
    return 0;  // the next commit meets it, too, and deals with it
  }
}

void Writer::flush() {
  flush_posted_ = false;
  std::vector<Queued> group = std::exchange(queue_, {});
  std::vector<Result<>> outcomes;
  Changes changes;
  const MonoTime begin = clock_->mono_now();
  Result<> committed = fail(ErrorCode::kUnavailable, "not_saved",
                            "not saved: the database failed earlier and the service is restarting");
  if (!dead_) committed = commit(group, outcomes, changes);
  const std::chrono::duration<double, std::milli> took = clock_->mono_now() - begin;
  metrics_->observe_ms("commit_ms", took.count());
  metrics_->count("commands_total", group.size());

  if (!committed) {
    for (Queued& queued : group) queued.done(committed);
    // Nothing of a group that found the disk full is anywhere: the next one may find room.
    if (is_full(committed)) return;
    if (!std::exchange(dead_, true)) on_fatal_(committed.error());
    return;
  }
  if (changes.any()) {
    for (const Committed& listener : listeners_) listener(changes);
  }
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(outcomes[i]);
}

Result<> Writer::commit(std::vector<Queued>& group, std::vector<Result<>>& outcomes,
                        Changes& changes) {
  Result<> committed = run_group(group, outcomes, changes);
  if (!is_full(committed)) return committed;
  metrics_->count("disk_full_total");
  if (!make_room_ || !make_room_()) return committed;
  outcomes.clear();
  changes = {};
  return run_group(group, outcomes, changes);
}

Result<> Writer::run_group(std::vector<Queued>& group, std::vector<Result<>>& outcomes,
                           Changes& changes) {
  Connection& connection = replica_->connection();
  for (const Beside& one : beside_) one.keep();
  try {
    begin();
    if (!run_without_savepoints(group, outcomes, changes)) {
      metrics_->count("groups_run_again_total");
      roll_back();
      outcomes.clear();
      changes = {};
      begin();
      for (Queued& queued : group) outcomes.push_back(run_job(queued, changes));
    }
    connection.execute("COMMIT");
  } catch (const SqlFailure& failure) {
    Error error = failure.error();
    // A full disk and a broken constraint leave no COMMIT behind.
    if (failure.kind == SqlFailure::Kind::kOther) connection.void_failed_commit();
    // One job's broken constraint was dealt with; this one took all of them along.
    if (failure.kind == SqlFailure::Kind::kConstraint) {
      error = {ErrorCode::kUnavailable, "storage_failed", "not saved: " + failure.message};
    }
    if (failure.kind != SqlFailure::Kind::kFull) return fail(error);
    if (auto undone = undo_group(); !undone) return undone;
    return fail(error);
  }
  return {};
}

void Writer::begin() {
  replica_->connection().execute("BEGIN IMMEDIATE");
  replica_->begin_transaction();
}

/// False: something has to be undone, and there is no way back but to the beginning.
bool Writer::run_without_savepoints(std::vector<Queued>& group, std::vector<Result<>>& outcomes,
                                    Changes& changes) {
  const Connection& connection = replica_->connection();
  const Replica::WithoutSavepoints without(*replica_);
  for (Queued& queued : group) {
    const std::int64_t before = connection.total_changes();
    try {
      UnitOfWork work(*replica_);
      outcomes.push_back(queued.job(work));
      if (outcomes.back()) changes.merge(replica_->finish_job());
    } catch (const SqlFailure& failure) {
      if (failure.kind != SqlFailure::Kind::kConstraint) throw;
      return false;
    }
    if (outcomes.back()) continue;
    if (connection.total_changes() != before) return false;
    replica_->forget_job();
  }
  return true;
}

/// Back to what is on the disk, the memory too.
void Writer::roll_back() {
  replica_->connection().roll_back();
  replica_->reload();
  for (const Beside& one : beside_) one.put_back();
}

Result<> Writer::undo_group() {
  try {
    roll_back();
  } catch (const SqlFailure& failure) {
    return fail(ErrorCode::kUnavailable, "storage_failed", "not saved: " + failure.message);
  }
  return {};
}

/// A broken constraint is this job's own fault; any other failure of the database ends the whole
/// group.
Result<> Writer::run_job(Queued& queued, Changes& changes) {
  Connection& connection = replica_->connection();
  connection.execute("SAVEPOINT job");
  Result<> outcome;
  try {
    UnitOfWork work(*replica_);
    outcome = queued.job(work);
    if (outcome) changes.merge(replica_->finish_job());
  } catch (const SqlFailure& failure) {
    if (failure.kind != SqlFailure::Kind::kConstraint) throw;
    outcome = fail(failure.error());
  }
  if (!outcome) {
    connection.execute("ROLLBACK TO job");
    replica_->forget_job();
  }
  connection.execute("RELEASE job");
  return outcome;
}

}  // namespace cairn::storage
