#pragma once
// Folds old records of the log while nobody waits for anything: one segment at a time, some moments
// after the last commit (docs/protocol.md, retention). Hub and agent; they differ in what is safe.
// Loop only.

#include "core/base/env.h"
#include "core/storage/log_folding.h"
#include "core/storage/writer.h"

#include <functional>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace cairn::program {

struct FoldConfig {
  storage::FoldRule rule;
  /// Records so old fold where the room is short; never more than `rule.after`.
  Duration after_if_short = std::chrono::hours(24 * 7);
  Duration idle = std::chrono::seconds(2);   ///< without a commit, before anything is folded
  Duration rest = std::chrono::minutes(10);  ///< once all authors were looked at
};

class LogFold {
 public:
  /// What may fold now; asked inside the job.
  using Limit = std::function<storage::FoldLimit(storage::Connection&)>;

  LogFold(Env env, storage::Writer& writer, const FoldConfig& config, Limit limit);

  /// Plans the first look. Errors: kUnavailable "loop_full".
  Result<> start();
  /// Begins a round now, for records older than `after` whatever the rule says; the next one is as
  /// usual again.
  void begin(Duration after);
  /// Says whether the disk's room is short.
  void ask_for_room(std::function<bool()> is_short) { is_short_ = std::move(is_short); }

 private:
  void look();
  void look_after(Duration delay);
  void looked(const Result<storage::FoldStep>& step, std::int64_t from);
  /// Says once what cannot fold: the log grows from there on, and something is wrong with it.
  void tell(const std::vector<storage::FoldRun>& stuck);
  [[nodiscard]] storage::FoldRule rule() const;

  Env env_;
  storage::Writer* writer_;
  FoldConfig config_;
  Limit limit_;
  std::function<bool()> is_short_;
  MonoTime last_commit_;
  MonoTime due_since_;  ///< when the look that is due was first put off
  bool put_off_ = false;
  std::optional<Duration> asked_for_;  ///< the age in the round that a person began
  std::optional<Executor::TimerId> planned_;
  std::int64_t after_ = 0;  ///< the last author looked at
  /// Author and first record of the runs that were told of.
  std::set<std::pair<std::int64_t, std::uint64_t>> told_;
};

}  // namespace cairn::program
