#include "central/notifications/notification_config.h"

#include "core/base/endpoint.h"
#include "core/domain/notification/contact.h"
#include "core/runtime/text_file.h"

#include <algorithm>

namespace cairn::central {
namespace {

using runtime::ConfigReader;
using runtime::MailServer;

bool is_web_address(const std::string& link) {
  const bool sound = std::ranges::all_of(link, [](char c) { return c > ' ' && c < 0x7F; });
  return sound && (link.starts_with("https://") || link.starts_with("http://"));
}

void read_shop(ConfigReader& table, ShopWords& shop) {
  shop.name = table.text_or("shop_name", "Cairn", {1, 80});
  if (std::ranges::any_of(shop.name, [](char c) { return c >= 0 && (c < ' ' || c == 0x7F); })) {
    table.problem("shop_name", "must be one line");
  }
  shop.order_link = table.text_or("order_link", "", {0, 200});
  if (!shop.order_link.empty() && !is_web_address(shop.order_link)) {
    table.problem("order_link", "must be like https://shop.example/orders/{order}");
  }
}

void read_templates(ConfigReader& table, std::map<std::string, std::string>& templates) {
  const std::string folder = table.text_or("templates_dir", "", {0, 4096});
  if (folder.empty()) return;
  for (const std::string& name : MessageTemplates::names()) {
    auto text = runtime::read_text_file(std::filesystem::path(folder) / name, kTemplateMost);
    if (!text) {
      table.problem("templates_dir", text.error().message);
    } else if (*text) {
      templates.emplace(name, **text);
    }
  }
}

/// Passwords go over TLS, or stay on this machine.
bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

MailSenderConfig read_mail(ConfigReader table, const std::string& shop_name) {
  MailSenderConfig mail;
  mail.from_name = shop_name;
  MailServer& server = mail.server;
  const std::string text = table.text_or("server", "", {0, 260});
  if (const auto at = Endpoint::parse(text)) {
    server.host = at->host;
    server.port = at->port;
  } else if (!text.empty()) {
    table.problem("server", "must be HOST:PORT");
  }
  server.protection = table.choice_or("tls", "starttls", {"starttls", "none"}) == "none"
                          ? MailServer::Protection::kNone
                          : MailServer::Protection::kStartTls;
  server.ca_file = table.text_or("ca_file", "", {0, 4096});
  server.user = table.text_or("user", "", {0, 200});
  server.password = table.optional_secret("password_file").value_or("");
  server.timeout = std::chrono::milliseconds(table.integer_or("timeout_ms", 20'000, 100, 300'000));
  mail.from = table.text_or("sender", "", {0, domain::kEmailMost});
  if (!text.empty() || !mail.from.empty()) {
    if (const auto ok = domain::check_email(mail.from); !ok) {
      table.problem("sender", ok.error().message);
    }
  }
  server.own_name = host_of(mail.from);
  const bool open = server.protection == MailServer::Protection::kNone;
  if (!server.user.empty() && open && !is_this_machine(server.host)) {
    table.problem("user", "a password is sent over TLS only: set tls = \"starttls\"");
  }
  return mail;
}

WebhookConfig read_webhook(ConfigReader table) {
  WebhookConfig webhook;
  const std::string url = table.text_or("url", "", {0, 400});
  if (!url.empty()) {
    const auto at = webhook_at(url);
    if (at) webhook = *at;
    if (!at) table.problem("url", at.error().message);
  }
  webhook.secret = table.optional_secret("secret_file").value_or("");
  webhook.timeout = std::chrono::milliseconds(table.integer_or("timeout_ms", 10'000, 100, 60'000));
  return webhook;
}

}  // namespace

NotificationConfig read_notifications(ConfigReader& file) {
  NotificationConfig config;
  auto table = file.table("notifications");
  read_shop(table, config.shop);
  read_templates(table, config.templates);
  config.rules.digest = std::chrono::seconds(table.integer_or("digest_s", 60, 0, 86'400));
  config.rules.delayed_after =
      std::chrono::minutes(table.integer_or("delayed_after_min", 1440, 0, 525'600));
  config.mail = read_mail(table.table("smtp"), config.shop.name);
  config.webhook = read_webhook(table.table("webhook"));
  const auto templates = MessageTemplates::load(config.shop, config.templates);
  if (!templates) table.problem("templates_dir", templates.error().message);
  return config;
}

}  // namespace cairn::central
