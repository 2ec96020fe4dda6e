#pragma once
// Threads on which senders wait for the world outside. The deliveries of one message are made by
// the same one. Loop only.

#include "central/notifications/sender.h"
#include "core/base/env.h"
#include "core/runtime/worker_thread.h"

#include <functional>
#include <memory>
#include <vector>

namespace cairn::central {

class SenderThreads {
 public:
  /// Runs on one of the threads: blocks until it is known what became of it.
  using Attempt = std::function<DeliveryAnswer()>;

  SenderThreads(Env env, std::size_t threads);
  /// Waits for the attempts that are being made; their answers are lost.
  ~SenderThreads() = default;
  SenderThreads(const SenderThreads&) = delete;
  SenderThreads& operator=(const SenderThreads&) = delete;

  void run(const Uuid& message, Attempt attempt, const Sender::Answered& answered);

 private:
  Env env_;
  std::vector<std::unique_ptr<runtime::WorkerThread>> threads_;
};

}  // namespace cairn::central
