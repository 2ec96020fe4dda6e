#pragma once
// A routing run without rules as commits of some orders each, until every waiting order was looked
// at once. Loop only.

#include "central/routing/routing_run.h"
#include "core/storage/writer.h"

#include <functional>
#include <memory>

namespace cairn::central {

class NearestRun : public std::enable_shared_from_this<NearestRun> {
 public:
  using Done = std::function<void(const Result<RoutingOutcome>&)>;

  /// What it works with outlives the run.
  NearestRun(storage::Writer& writer, IdSource& ids, domain::PartialOrders partial, UserId actor,
             Done done);

  /// Once, of a run that a shared_ptr holds.
  void start() { next(); }

 private:
  void next();
  void add(const Result<RoutingOutcome>& part);

  storage::Writer* writer_;
  IdSource* ids_;
  domain::PartialOrders partial_;
  UserId actor_;
  Done done_;
  RoutingOutcome sum_;
};

}  // namespace cairn::central
