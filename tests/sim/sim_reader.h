#pragma once
// Long reads of the simulated world: of the file, where they stand, answered in a later turn.

#include "core/base/executor.h"
#include "core/storage/snapshot_reader.h"

#include <string>
#include <utility>

namespace cairn::sim {

class SimReader : public storage::SnapshotReader {
 public:
  SimReader(std::string database, Executor& executor)
      : database_(std::move(database)), executor_(&executor) {}

  void read(Query query, Done done) override {
    auto connection = storage::Connection::open_reader(database_);
    Result<> outcome;
    if (connection) {
      query(*connection);
    } else {
      outcome = fail(connection.error());
    }
    executor_->after(Duration(0), [done = std::move(done), outcome] { done(outcome); });
  }

 private:
  std::string database_;
  Executor* executor_;
};

}  // namespace cairn::sim
