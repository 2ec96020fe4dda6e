#include "core/program/log_fold.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cairn::program {
namespace {

/// Between two segments: what people do goes first.
constexpr Duration kBetweenSegments = std::chrono::milliseconds(500);
/// A process that never rests folds all the same.
constexpr Duration kPutOffMost = std::chrono::minutes(1);

}  // namespace

LogFold::LogFold(Env env, storage::Writer& writer, const FoldConfig& config, Limit limit)
    : env_(env), writer_(&writer), config_(config), limit_(std::move(limit)) {}

Result<> LogFold::start() {
  last_commit_ = env_.clock.mono_now();
  writer_->on_commit([this](const storage::Changes&) { last_commit_ = env_.clock.mono_now(); });
  return env_.executor.post([this] { look_after(config_.idle); });  // timers are the loop's own
}

void LogFold::look_after(Duration delay) {
  planned_ = env_.executor.after(delay, [this] {
    planned_.reset();
    look();
  });
}

void LogFold::begin(Duration after) {
  asked_for_ = after;
  after_ = 0;
  // Without a timer a step is under way: the round goes on behind it.
  if (!planned_) return;
  env_.executor.cancel(*planned_);
  look_after(Duration(0));
}

storage::FoldRule LogFold::rule() const {
  storage::FoldRule rule = config_.rule;
  if (asked_for_) {
    rule.after = *asked_for_;
    return rule;
  }
  if (is_short_ && is_short_()) rule.after = std::min(rule.after, config_.after_if_short);
  return rule;
}

void LogFold::look() {
  const MonoTime now = env_.clock.mono_now();
  if (!std::exchange(put_off_, true)) due_since_ = now;
  if (!asked_for_ && now - last_commit_ < config_.idle && now - due_since_ < kPutOffMost) {
    return look_after(config_.idle);
  }
  put_off_ = false;
  writer_->submit<storage::FoldStep>(
      [this](storage::UnitOfWork& work) -> Result<storage::FoldStep> {
        storage::Connection& connection = work.connection();
        return storage::fold_some(connection, after_, limit_(connection), rule(), work.now());
      },
      [this, from = after_](const Result<storage::FoldStep>& step) { looked(step, from); });
}

void LogFold::tell(const std::vector<storage::FoldRun>& stuck) {
  for (const storage::FoldRun& run : stuck) {
    if (!told_.emplace(run.author.id, run.first).second) continue;
    env_.metrics.count("log_runs_unfoldable_total", 1);
    env_.log.error("log_unfoldable",
                   {{"node", run.author.node.value().text()},
                    {"inc", std::to_string(run.author.inc.value())},
                    {"first", std::to_string(run.first)},
                    {"last", std::to_string(run.last)},
                    {"what",
                     "these records are not what their chain says and stay as they are; "
                     "'cairn log verify' names the first"}});
  }
}

void LogFold::looked(const Result<storage::FoldStep>& step, std::int64_t from) {
  if (!step) {
    // A disk that is full, or a damaged page: others tell of these.
    env_.log.warn("log_not_folded", {{"why", step.error().message}});
    return look_after(config_.rest);
  }
  tell(step->stuck);
  const bool begun_anew = after_ != from;
  if (!begun_anew) after_ = step->looked_at;
  if (step->records > 0) {
    env_.metrics.count("records_folded_total", step->records);
    env_.log.debug("log_folded", {{"records", std::to_string(step->records)}});
  }
  const bool over = !begun_anew && after_ == 0 && step->records == 0;
  if (over) asked_for_.reset();
  look_after(over ? config_.rest : std::min(kBetweenSegments, config_.idle));
}

}  // namespace cairn::program
