#pragma once
// Between the outbox and the senders. Everything committed is looked at for causes; what is due is
// sent. That a message is being sent is on the disk before its first octet leaves: when the hub is
// killed, it is known afterwards what may have left, and that is not sent again by itself. Loop
// only.

#include "central/notifications/message_templates.h"
#include "central/notifications/outbox.h"
#include "central/notifications/sender.h"
#include "core/base/env.h"
#include "core/storage/writer.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace cairn::central {

struct NotifierConfig {
  OutboxRules rules;
  Duration look = std::chrono::milliseconds(250);   ///< for what became due
  Duration delayed_look = std::chrono::minutes(1);  ///< for orders that wait for a site
  Duration patience = std::chrono::minutes(10);     ///< with an answer that does not come at all
};

/// Who carries messages of a channel; null: nobody yet.
struct Senders {
  Sender* mail = nullptr;
  Sender* webhook = nullptr;
};

class Notifier {
 public:
  /// All references outlive the notifier.
  Notifier(Env env, storage::Writer& writer, storage::Connection& connection,
           const MessageTemplates& templates, Senders senders, NotifierConfig config);
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// To be called once: what was being sent at the last stop is unknown from now on. Errors:
  /// kUnavailable "loop_full".
  Result<> start();

 private:
  /// What a job has set to SENDING.
  struct Claimed {
    Uuid message;
    UtcTime made_at;  ///< of the first of those that are told
    std::uint32_t tries = 0;
    domain::OrderContact contact;
    Notice notice;
  };

  void take_up();
  void follow(const Authors& authors);
  void look_for_delayed();
  void look();
  void look_later();
  void claim(OrderId order);
  void send(OrderId order, const Claimed& claimed);
  void answered(OrderId order, std::uint64_t serial, const Claimed& claimed,
                const DeliveryAnswer& answer);
  void keep(OrderId order, const Claimed& claimed, const DeliveryAnswer& answer);
  static Result<std::optional<Claimed>> claim_pending(storage::UnitOfWork& work, OrderId order);

  Env env_;
  storage::Writer* writer_;
  storage::Connection* connection_;
  const MessageTemplates* templates_;
  Senders senders_;
  NotifierConfig config_;
  bool following_ = false;  ///< a job looks at the log
  Authors to_follow_;       ///< of whom something was committed since it was submitted
  std::map<OrderId, std::uint64_t> busy_;  ///< orders with a message on its way, and which it is
  std::uint64_t serials_ = 0;
};

}  // namespace cairn::central
