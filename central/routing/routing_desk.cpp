#include "central/routing/routing_desk.h"

#include "central/routing/nearest_run.h"
#include "central/routing/rule_based_run.h"
#include "core/storage/full_sites.h"
#include "core/storage/site_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace cairn::central {
namespace {

storage::RoutingRunFigures figures_of_run(const RoutingOutcome& outcome) {
  return {outcome.orders_seen, outcome.orders_routed, outcome.orders_partly, outcome.orders_waiting,
          outcome.groups_opened};
}

}  // namespace

std::optional<UtcTime> due_run(storage::Connection& connection, const domain::RunSchedule& schedule,
                               UtcTime scheduled_since, UtcTime now) {
  if (schedule.empty()) return std::nullopt;
  const auto pause = storage::routing_pause(connection);
  if (pause.paused) return std::nullopt;
  // What was due before there was this schedule, or while it was paused, is nobody's.
  // A moment that is still to come was written by a clock that has been put right since.
  UtcTime after =
      std::min(now, std::max(scheduled_since, pause.changed_at.value_or(scheduled_since)));
  if (const auto last = storage::last_scheduled_run(connection, now))
    after = std::max(after, *last);
  return domain::last_due(schedule, after, now);
}

RoutingDesk::RoutingDesk(Env env, storage::Writer& writer, storage::Connection& connection,
                         IdSource& ids, const SiteAges& ages, RoutingDeskSettings settings)
    : env_(env),
      writer_(&writer),
      connection_(&connection),
      ids_(&ids),
      ages_(&ages),
      settings_(settings) {}

Result<> RoutingDesk::start() {
  return env_.executor.post([this] {
    writer_->submit<bool>(
        [](storage::UnitOfWork& work) -> Result<bool> {
          storage::break_off_routing_runs(work.connection(), work.now());
          return true;
        },
        [this](const Result<bool>& done) {
          if (!done) env_.log.error("routing_runs_unknown", {{"why", done.error().message}});
          look();
        });
  });
}

void RoutingDesk::look() {
  try {
    if (asked_.empty()) look_for_due();
  } catch (const storage::SqlFailure& failure) {
    env_.log.error("routing_run_not_looked_for", {{"why", failure.message}});
  }
  env_.executor.after(kPause, [this] { look(); });
}

void RoutingDesk::look_for_due() {
  const auto row = storage::rule_set_in_use(*connection_);
  if (!row) return;
  const std::string name = fmt::format("{} {}", row->defined.version, row->defined.name);
  if (known_ != name) {
    const auto rules = named_rules(*row);
    if (!rules) env_.log.error("rule_set_unreadable", {{"why", rules.error().message}});
    schedule_ = rules ? rules->rules.schedule : domain::RunSchedule{};
    known_ = name;
  }
  const auto due = due_run(*connection_, schedule_, row->defined_at, env_.clock.utc_now());
  if (!due) return;
  asked_.push_back({UserId{}, due, [this, due = *due](const Result<RoutingOutcome>& outcome) {
                      if (outcome) return;
                      env_.log.error("routing_run_failed",
                                     {{"due", due.text()}, {"why", outcome.error().message}});
                    }});
  next();
}

void RoutingDesk::run(UserId actor, Done done) {
  asked_.push_back({actor, std::nullopt, std::move(done)});
  next();
}

void RoutingDesk::next() {
  if (running_ || asked_.empty()) return;
  running_ = true;
  writer_->submit<Begun>([this](storage::UnitOfWork& work) { return begin(work, asked_.front()); },
                         [this](const Result<Begun>& begun) {
                           if (!begun) return finish(fail(begun.error()));
                           go(*begun);
                         });
}

Result<RoutingDesk::Begun> RoutingDesk::begin(storage::UnitOfWork& work, const Asked& asked) const {
  storage::Connection& connection = work.connection();
  const UtcTime now = work.now();
  if (settings_.short_site.count() > 0) {
    storage::forget_shorts(connection, UtcTime{now.us - settings_.short_site.count()});
  }
  storage::forget_full(connection, UtcTime{now.us - settings_.full_site.count()});
  Begun begun;
  storage::RoutingRunRow row;
  row.due = asked.due;
  row.actor = asked.actor;
  row.begun_at = now;
  const auto in_use = storage::rule_set_in_use(connection);
  if (asked.due && !in_use) return begun;
  if (in_use) {
    row.rule_set = in_use->defined.name;
    row.version = in_use->defined.version;
    auto rules = named_rules(*in_use);
    if (rules) begun.rules = *std::move(rules);
    if (!rules) begun.failed = rules.error().message;
  }
  begun.id = storage::begin_routing_run(connection, row);
  if (begun.id && !begun.failed.empty()) {
    storage::end_routing_run(connection, *begun.id, storage::RoutingRunState::kFailed, {},
                             begun.failed, now);
  }
  return begun;
}

void RoutingDesk::go(const Begun& begun) {
  if (!begun.id) return finish(RoutingOutcome{});
  if (!begun.failed.empty()) {
    return finish(fail(ErrorCode::kInvalid, "bad_rule_set", begun.failed));
  }
  const auto ended = [this, id = *begun.id](const Result<RoutingOutcome>& outcome) {
    end(id, outcome);
  };
  const UserId actor = asked_.front().actor;
  if (!begun.rules) {
    std::make_shared<NearestRun>(*writer_, *ids_, settings_.partial, actor, ended)->start();
    return;
  }
  std::make_shared<RuleBasedRun>(*writer_, *ids_, *ages_,
                                 RuleBasedRun::Settings{*begun.rules, settings_.partial, actor},
                                 ended)
      ->start();
}

void RoutingDesk::end(std::int64_t id, const Result<RoutingOutcome>& outcome) {
  writer_->submit<bool>(
      [id, outcome](storage::UnitOfWork& work) -> Result<bool> {
        storage::end_routing_run(
            work.connection(), id,
            outcome ? storage::RoutingRunState::kDone : storage::RoutingRunState::kFailed,
            outcome ? figures_of_run(*outcome) : storage::RoutingRunFigures{},
            outcome ? std::string() : outcome.error().message, work.now());
        return true;
      },
      [this, outcome](const Result<bool>& written) {
        if (!written) env_.log.error("routing_run_not_ended", {{"why", written.error().message}});
        finish(outcome);
      });
}

/// The next one begins in a task of its own: whoever was told may have asked for it just now.
void RoutingDesk::finish(const Result<RoutingOutcome>& outcome) {
  const Asked asked = std::move(asked_.front());
  asked_.pop_front();
  running_ = false;
  asked.done(outcome);
  next();
}

}  // namespace cairn::central
