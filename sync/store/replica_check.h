#pragma once
// A device at rest asks the hub whether both have the same rows. If not, it makes its own anew from
// its log, once, and asks again: what still differs then is told to whoever looks. Loop only.

#include "core/base/env.h"
#include "core/storage/replica_sums.h"
#include "core/storage/snapshot_reader.h"
#include "core/storage/writer.h"
#include "sync/check_plan.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::sync {

class ReplicaCheck {
 public:
  using Ask = std::function<void(std::uint64_t correlation, const wire::Check&)>;

  /// `reader` null: never checks.
  ReplicaCheck(Env env, storage::Writer& writer, storage::SnapshotReader* reader, NodeId node,
               SiteId site, Ask ask);

  /// `at_rest`: in conversation, everything sent is acknowledged, every feed is applied.
  void on_time(bool at_rest);
  void answered(std::uint64_t correlation, const wire::CheckReply& reply);

  struct Status {
    std::optional<UtcTime> agreed_at;  ///< when the hub last said that all is the same
    std::vector<std::string> differs;  ///< tables, as last told
  };
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  void have_read(const storage::ReplicaSums& sums);
  void make_rows_anew();

  Env env_;
  storage::Writer* writer_;
  storage::SnapshotReader* reader_;
  NodeId node_;
  SiteId site_;
  Ask ask_;
  CheckPlan plan_;
  storage::CatalogueMemory catalogue_;
  std::uint64_t asked_ = 0;  ///< 0: nothing
  Status status_;
};

}  // namespace cairn::sync
