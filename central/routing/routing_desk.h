#pragma once
// Runs of routing, one at a time: those that somebody asks for, and those that the schedule of the
// rule set in use makes due. It follows from rows and the clock what is due, so that a hub that was
// away makes up the last missed run, once, and none is run twice. Loop only.

#include "central/promise/site_ages.h"
#include "central/routing/routing_run.h"
#include "central/routing/rule_sets.h"
#include "core/base/env.h"
#include "core/base/id_source.h"
#include "core/domain/routing/run_schedule.h"
#include "core/storage/routing_runs.h"
#include "core/storage/writer.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace cairn::central {

struct RoutingDeskSettings {
  domain::PartialOrders partial = domain::PartialOrders::kWait;
  /// A site that was short of an article is asked for it again, for the same order, so much later;
  /// 0: never.
  Duration short_site{0};
  /// A site that said it can take no more is given orders again so much later; 0: with the next
  /// run.
  Duration full_site = std::chrono::hours(12);
};

/// The instant whose run has to be begun now by the schedule; nothing: none. Any connection.
std::optional<UtcTime> due_run(storage::Connection& connection, const domain::RunSchedule& schedule,
                               UtcTime scheduled_since, UtcTime now);

class RoutingDesk {
 public:
  using Done = std::function<void(const Result<RoutingOutcome>&)>;
  static constexpr Duration kPause = std::chrono::seconds(1);

  /// All references outlive this.
  RoutingDesk(Env env, storage::Writer& writer, storage::Connection& connection, IdSource& ids,
              const SiteAges& ages, RoutingDeskSettings settings);
  RoutingDesk(const RoutingDesk&) = delete;
  RoutingDesk& operator=(const RoutingDesk&) = delete;

  /// From now on what is due runs. Once. Errors: kUnavailable "loop_full".
  Result<> start();

  /// Runs when those before it are done.
  void run(UserId actor, Done done);

 private:
  struct Asked {
    UserId actor;
    std::optional<UtcTime> due;
    Done done;
  };
  /// A run that has its row. No id: it is not to be run any more.
  struct Begun {
    std::optional<std::int64_t> id;
    std::optional<NamedRules> rules;
    std::string failed;  ///< why it ended already
  };

  void look();
  void look_for_due();
  void next();
  Result<Begun> begin(storage::UnitOfWork& work, const Asked& asked) const;
  void go(const Begun& begun);
  void end(std::int64_t id, const Result<RoutingOutcome>& outcome);
  void finish(const Result<RoutingOutcome>& outcome);

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  IdSource* ids_;
  const SiteAges* ages_;
  RoutingDeskSettings settings_;
  std::deque<Asked> asked_;  ///< the first one runs, if running_
  bool running_ = false;
  std::string known_;  ///< the rule set whose schedule is schedule_, with its version
  domain::RunSchedule schedule_;
};

}  // namespace cairn::central
