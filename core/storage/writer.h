#pragma once
// Group commit: everything queued becomes one transaction, one fsync; only then does anybody get an
// answer. An idle queue commits at once, a busy one fills itself while the disk works. The one gate
// through which anything is written. submit(): loop only.
//
// A group runs without savepoints first, because nearly always nothing has to be undone. If
// something has, all of it is, and the group runs again with a savepoint for each job and each
// remote effect. So a job may run twice: it must not use up what it captured.
//
// A failed COMMIT is fail-stop: every job of the group is answered "not saved", and `on_fatal` ends
// the process; its supervisor starts it again on what is really on disk. A full disk is not: it is
// undone as a whole, room is made once (on_full) and the group runs again, else all of it is
// refused and the process works on.

#include "core/base/executor.h"
#include "core/base/metrics.h"
#include "core/storage/unit_of_work.h"

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace cairn::storage {

class Writer {
 public:
  /// Runs inside the transaction. An error undoes this job alone.
  template <class T>
  using Job = std::function<Result<T>(UnitOfWork&)>;
  /// Runs after the commit (or after its failure), in the order of submission.
  template <class T>
  using Done = std::function<void(Result<T>)>;
  using Fatal = std::function<void(const Error&)>;
  using Committed = std::function<void(const Changes&)>;

  Writer(Replica& replica, Executor& executor, const Clock& clock, Metrics& metrics,
         Fatal on_fatal);

  template <class T>
  void submit(Job<T> job, Done<T> done) {
    auto answer = std::make_shared<std::optional<Result<T>>>();
    enqueue(
        [job = std::move(job), answer](UnitOfWork& work) -> Result<> {
          *answer = job(work);
          if (!**answer) return fail((*answer)->error());
          return {};
        },
        [done = std::move(done), answer](const Result<>& outcome) {
          if (!outcome) {
            done(fail(outcome.error()));
          } else {
            done(std::move(**answer));
          }
        });
  }

  /// Memory that jobs change beside the database: it is copied before a group runs, and put back as
  /// it was when the group is rolled back. `state`: a pointer that holds as long as jobs run.
  template <class Pointer>
  void keep_in_step(Pointer state) {
    const auto kept = std::make_shared<std::decay_t<decltype(*state)>>(*state);
    beside_.push_back({[state, kept] { *kept = *state; }, [state, kept] { *state = *kept; }});
  }

  /// `make_room` is called when the disk is full; true: it freed something, the group is tried once
  /// more.
  using MakeRoom = std::function<bool()>;
  void on_full(MakeRoom make_room) { make_room_ = std::move(make_room); }

  /// Octets of the database's file that are written again before it grows; 0 if that cannot be
  /// read.
  std::uint64_t reusable_bytes();

  /// Called after each commit that changed something, before the jobs' answers.
  void on_commit(Committed listener) { listeners_.push_back(std::move(listener)); }

 private:
  struct Beside {
    std::function<void()> keep;
    std::function<void()> put_back;
  };
  struct Queued {
    std::function<Result<>(UnitOfWork&)> job;
    std::function<void(const Result<>&)> done;
  };

  void enqueue(std::function<Result<>(UnitOfWork&)> job, std::function<void(const Result<>&)> done);
  void flush();
  Result<> commit(std::vector<Queued>& group, std::vector<Result<>>& outcomes, Changes& changes);
  Result<> run_group(std::vector<Queued>& group, std::vector<Result<>>& outcomes, Changes& changes);
  bool run_without_savepoints(std::vector<Queued>& group, std::vector<Result<>>& outcomes,
                              Changes& changes);
  void begin();
  void roll_back();
  Result<> undo_group();
  Result<> run_job(Queued& queued, Changes& changes);

  Replica* replica_;
  Executor* executor_;
  const Clock* clock_;
  Metrics* metrics_;
  Fatal on_fatal_;
  MakeRoom make_room_;
  std::vector<Committed> listeners_;
  std::vector<Beside> beside_;
  std::vector<Queued> queue_;
  bool flush_posted_ = false;
  bool dead_ = false;
};

}  // namespace cairn::storage
