#pragma once
// Messages as JSON to the shop's own system, by HTTP POST (docs/notifications.md).
// X-Cairn-Signature is "sha256=" and the HMAC-SHA256 of the body in hexadecimal; X-Cairn-Delivery
// is the message's id, the same each time it is sent. Loop only.

#include "central/notifications/sender_threads.h"

#include <chrono>
#include <string>

namespace cairn::central {

struct WebhookConfig {
  std::string base;    ///< "http://host:port"; empty: none
  std::string path;    ///< "/notices"
  std::string secret;  ///< empty: messages are not signed
  Duration timeout = std::chrono::seconds(10);
};

/// Parts "http://host:port/path" at its path. Errors: kInvalid "bad_url".
Result<WebhookConfig> webhook_at(const std::string& url);

/// The body of a delivery.
std::string webhook_body(const Delivery& delivery);
/// What an answer of this status means: 2xx taken; 408, 425, 429 and 5xx not now; others not ever.
DeliveryAnswer webhook_answer(int status);

class WebhookSender final : public Sender {
 public:
  WebhookSender(Env env, WebhookConfig config);

  void send(const Delivery& delivery, Answered answered) override;

 private:
  DeliveryAnswer post(const Uuid& id, const std::string& body) const;

  WebhookConfig config_;
  SenderThreads threads_;  ///< last: they use the others
};

}  // namespace cairn::central
