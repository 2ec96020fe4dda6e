#pragma once
// What the hub is told about notices: [notifications], [notifications.smtp] and
// [notifications.webhook] (docs/configuration.md).

#include "central/notifications/mail_sender.h"
#include "central/notifications/message_templates.h"
#include "central/notifications/outbox.h"
#include "central/notifications/webhook_sender.h"
#include "core/runtime/config_loader.h"

#include <map>
#include <string>

namespace cairn::central {

struct NotificationConfig {
  ShopWords shop;
  std::map<std::string, std::string> templates;  ///< in place of the program's, by name
  OutboxRules rules;
  MailSenderConfig mail;
  WebhookConfig webhook;

  [[nodiscard]] bool has_mail() const { return !mail.server.host.empty(); }
  [[nodiscard]] bool has_webhook() const { return !webhook.base.empty(); }
};

/// Problems are the reader's.
NotificationConfig read_notifications(runtime::ConfigReader& file);

}  // namespace cairn::central
