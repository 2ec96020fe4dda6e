#pragma once
// Drops routing decisions that are older than they are kept, a few at a time, so that the hub's
// database does not grow with every order there ever was. Those of orders that are not over stay:
// somebody may ask yet why they wait. Loop only.

#include "core/base/env.h"
#include "core/storage/routing_decisions.h"
#include "core/storage/writer.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace cairn::central {

/// What one look did.
struct DecisionsLooked {
  std::optional<storage::DecisionMark> next;  ///< where the next look goes on; nothing: at the end
  std::int64_t dropped = 0;
};

/// Looks at some decisions made before `before`, behind the mark. Inside a job.
DecisionsLooked drop_old_decisions(storage::Connection& connection, UtcTime before,
                                   const storage::DecisionMark& after);

class DecisionKeeper {
 public:
  static constexpr Duration kStep = std::chrono::seconds(2);    ///< while there is something
  static constexpr Duration kPause = std::chrono::minutes(10);  ///< once all were looked at

  /// `keep`: 0: for ever. All references outlive this.
  DecisionKeeper(Env env, storage::Writer& writer, Duration keep);
  DecisionKeeper(const DecisionKeeper&) = delete;
  DecisionKeeper& operator=(const DecisionKeeper&) = delete;

  /// From now on. Once. Errors: kUnavailable "loop_full".
  Result<> start();

 private:
  void look();

  Env env_;
  storage::Writer* writer_;
  Duration keep_;
  storage::DecisionMark after_;
};

}  // namespace cairn::central
