#pragma once
// Between the log and the payment provider. It acts on what is committed: each question of a card
// payment that has no certain answer is put to the provider, again and again under the same key,
// until there is one. So whoever records a question (a request, a shipment) need not know of the
// provider, and what was asked when the hub was killed is asked again when it is back. Loop only.

#include "central/payments/provider.h"
#include "core/base/env.h"
#include "core/storage/writer.h"

#include <chrono>
#include <cstdint>
#include <map>

namespace cairn::central {

struct ProviderDeskConfig {
  Duration first_pause = std::chrono::seconds(1);  ///< after an unknown outcome, doubled each time
  Duration longest_pause = std::chrono::minutes(5);
  Duration patience = std::chrono::minutes(1);  ///< with an answer that does not come at all
  Duration expiry_look = std::chrono::minutes(1);
  Duration renewal_pause = std::chrono::hours(1);  ///< after an authorisation that was declined
};

class ProviderDesk {
 public:
  /// All references outlive the desk. `provider`: null, there is none: then questions wait.
  ProviderDesk(Env env, storage::Writer& writer, storage::Connection& connection,
               Provider* provider, ProviderDeskConfig config);
  ProviderDesk(const ProviderDesk&) = delete;
  ProviderDesk& operator=(const ProviderDesk&) = delete;

  /// To be called once: what nobody answered before the last stop is unknown, and is asked again.
  /// Errors: kUnavailable "loop_full".
  Result<> start();

 private:
  /// A question that is with the provider, or waits for its next turn.
  struct Turn {
    std::uint32_t no = 0;
    std::uint32_t tries = 0;
    std::uint64_t serial =
        0;  ///< of the last thing that was begun: timers of earlier ones are late
  };

  void take_up();
  void look(PaymentId id);
  void ask(PaymentId id);
  void later(PaymentId id, Turn& turn);
  void answered(PaymentId id, std::uint64_t serial, const domain::PaymentAnswered& answer);
  void keep(PaymentId id, const domain::PaymentAnswered& answer);
  void look_for_expired();
  [[nodiscard]] Duration pause_after(std::uint32_t tries) const;

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  Provider* provider_;
  ProviderDeskConfig config_;
  std::map<PaymentId, Turn> turns_;
  std::uint64_t serials_ = 0;
};

}  // namespace cairn::central
