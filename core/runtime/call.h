#pragma once
// How other threads (HTTP, devices) get an answer from the loop: post, wait, give up at a deadline.
// `call` answers when its task returns; `ask` when the task, or something it started, says so,
// because an answer must not be given before its commit. Any thread but the loop's.

#include "core/base/assert.h"
#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace cairn::runtime {

/// Where the waiting thread and the loop meet. Use Reply, call and ask.
template <class T>
class Rendezvous {
 public:
  /// False if nobody waits any more: work whose caller has gone only delays those who still wait.
  bool start() {
    const std::scoped_lock lock(mutex_);
    started_ = !given_up_;
    return started_;
  }

  /// The first answer counts, later ones are dropped.
  void fulfil(Result<T> answer) {
    {
      const std::scoped_lock lock(mutex_);
      if (answer_ || given_up_) return;
      answer_.emplace(std::move(answer));
    }
    answered_.notify_one();
  }

  Result<T> wait(Duration deadline) {
    std::unique_lock lock(mutex_);
    if (answered_.wait_for(lock, deadline, [this] { return answer_.has_value(); })) {
      return std::move(*answer_);
    }
    given_up_ = true;
    return fail(ErrorCode::kUnavailable, "timeout",
                started_ ? "no answer in time, so the outcome is unknown; a retry with the same "
                           "Idempotency-Key is safe"
                         : "too busy to begin in time; nothing was changed, a retry with the same "
                           "Idempotency-Key is safe");
  }

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::optional<Result<T>> answer_;
  bool started_ = false;
  bool given_up_ = false;
};

/// The right to answer one question. Copies share it; when the last one dies without an answer, the
/// caller hears kUnavailable "dropped". Any thread.
template <class T>
class Reply {
 public:
  // Shared: the caller may give up and leave before the answer arrives.
  explicit Reply(std::shared_ptr<Rendezvous<T>> rendezvous)
      : promise_(std::make_shared<Promise>(std::move(rendezvous))) {}

  /// Late and repeated answers are harmless.
  void fulfil(Result<T> answer) const { promise_->rendezvous->fulfil(std::move(answer)); }

 private:
  struct Promise {
    explicit Promise(std::shared_ptr<Rendezvous<T>> where) : rendezvous(std::move(where)) {}
    Promise(const Promise&) = delete;
    Promise& operator=(const Promise&) = delete;
    ~Promise() {
      rendezvous->fulfil(fail(ErrorCode::kUnavailable, "dropped",
                              "the request was dropped before it was answered; a retry with the "
                              "same Idempotency-Key is safe"));
    }
    const std::shared_ptr<Rendezvous<T>> rendezvous;
  };

  std::shared_ptr<Promise> promise_;  // shared by the copies that one task hands on
};

/// Runs `task` on the loop and waits until its Reply is fulfilled.
/// Errors: the answer's own; kUnavailable "loop_full", "loop_stopped" (nothing was done), "timeout"
/// (the message says whether anything may have happened), "dropped".
template <class T>
[[nodiscard]] Result<T> ask(Executor& executor, Duration deadline,
                            std::function<void(Reply<T>)> task) {
  CAIRN_ASSERT(!executor.in_loop(), "the loop cannot wait for itself");
  auto rendezvous = std::make_shared<Rendezvous<T>>();  // shared with the Reply, see there
  const auto posted =
      executor.post([rendezvous, reply = Reply<T>(rendezvous), task = std::move(task)] {
        if (rendezvous->start()) task(reply);
      });
  if (!posted) return fail(posted.error());
  return rendezvous->wait(deadline);
}

/// Runs `task` on the loop and waits for what it returns. Errors: as for ask.
template <class T>
[[nodiscard]] Result<T> call(Executor& executor, Duration deadline,
                             std::function<Result<T>()> task) {
  return ask<T>(executor, deadline,
                [task = std::move(task)](const Reply<T>& reply) { reply.fulfil(task()); });
}

}  // namespace cairn::runtime
