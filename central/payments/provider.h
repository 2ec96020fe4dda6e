#pragma once
// Port of a payment provider: whoever moves the money of cards. A question has the same key each
// time it is put; the provider does it once for each key and gives a repetition the first answer
// (draft-ietf-httpapi-idempotency-key-header). That is what makes it safe to ask again when an
// answer was lost. Loop only.

#include "core/domain/payment/payment.h"

#include <functional>
#include <string>

namespace cairn::central {

struct ProviderQuestion {
  std::string key;  ///< domain::idempotency_key()
  PaymentId payment;
  domain::PaymentAsked asked;
  std::string token;      ///< kAuthorize: what is charged
  bool repeated = false;  ///< it was put before, and what became of it is not known
};

class Provider {
 public:
  /// Called on the loop, at most once. kUnknown: no answer that tells what became of it.
  using Answered = std::function<void(const domain::PaymentAnswered&)>;

  virtual ~Provider() = default;
  /// Never calls `answered` before it returns. It may never be called at all: whoever asks has to
  /// watch the time.
  virtual void ask(const ProviderQuestion& question, Answered answered) = 0;
};

}  // namespace cairn::central
