#pragma once
// Long reads on a thread of their own, one after the other, so that neither the loop nor a request
// waits for them.

#include "core/base/executor.h"
#include "core/runtime/worker_thread.h"
#include "core/storage/read_pool.h"
#include "core/storage/snapshot_reader.h"

namespace cairn::program {

class BackgroundReader : public storage::SnapshotReader {
 public:
  /// Both outlive it.
  BackgroundReader(storage::ReadPool& readers, Executor& executor);

  void read(Query query, Done done) override;

 private:
  storage::ReadPool* readers_;
  Executor* executor_;
  runtime::WorkerThread thread_;
};

}  // namespace cairn::program
