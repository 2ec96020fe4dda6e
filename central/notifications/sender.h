#pragma once
// Port of whoever carries messages to shoppers. Loop only.

#include "central/notifications/message_templates.h"
#include "core/domain/notification/contact.h"
#include "core/domain/notification/notification.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::central {

struct Delivery {
  Uuid id;  ///< of the message: the same however often it is tried
  domain::OrderContact contact;
  Notice notice;
  Message message;
};

struct DeliveryAnswer {
  domain::DeliveryOutcome outcome = domain::DeliveryOutcome::kUnknown;
  std::string why;  ///< kTaken: empty; a sentence without personal data
};

class Sender {
 public:
  /// Called on the loop, at most once.
  using Answered = std::function<void(const DeliveryAnswer&)>;

  virtual ~Sender() = default;
  /// Never calls `answered` before it returns. It may never be called at all: whoever sends has to
  /// watch the time.
  virtual void send(const Delivery& delivery, Answered answered) = 0;
};

}  // namespace cairn::central
