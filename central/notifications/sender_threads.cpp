#include "central/notifications/sender_threads.h"

#include <functional>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kDeliveriesWaiting = 100;  // of one thread

}  // namespace

SenderThreads::SenderThreads(Env env, std::size_t threads) : env_(env) {
  for (std::size_t each = 0; each < threads; ++each) {
    threads_.push_back(std::make_unique<runtime::WorkerThread>(kDeliveriesWaiting));
  }
}

void SenderThreads::run(const Uuid& message, Attempt attempt, const Sender::Answered& answered) {
  auto& thread = *threads_.at(std::hash<Uuid>{}(message) % threads_.size());
  // Where the loop takes nothing more the answer is lost: whoever sent it watches the time.
  const auto tell = [&executor = env_.executor, answered](const DeliveryAnswer& answer) {
    static_cast<void>(executor.post([answered, answer] { answered(answer); }));
  };
  if (thread.post([attempt = std::move(attempt), tell] { tell(attempt()); })) return;
  tell({domain::DeliveryOutcome::kNotNow, "too many messages wait to be sent"});
}

}  // namespace cairn::central
