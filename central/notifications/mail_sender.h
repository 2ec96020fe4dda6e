#pragma once
// Messages as e-mail. Loop only.

#include "central/notifications/sender_threads.h"
#include "core/runtime/mail_client.h"

#include <string>

namespace cairn::central {

struct MailSenderConfig {
  runtime::MailServer server;  ///< host empty: none
  std::string from;            ///< address
  std::string from_name;
};

class MailSender final : public Sender {
 public:
  MailSender(Env env, MailSenderConfig config);

  void send(const Delivery& delivery, Answered answered) override;

 private:
  MailSenderConfig config_;
  SenderThreads threads_;  ///< last: they use the others
};

/// The host of a checked address.
std::string host_of(const std::string& address);

}  // namespace cairn::central
