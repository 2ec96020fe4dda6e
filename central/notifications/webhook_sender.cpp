#include "central/notifications/webhook_sender.h"

#include "core/crypto/hmac.h"
#include "core/json/value.h"
#include "core/runtime/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::size_t kWebhookThreads = 2;

runtime::HttpClient::Options options_of(const WebhookConfig& config) {
  runtime::HttpClient::Options options;
  options.response_timeout = config.timeout;
  options.max_body = 64U << 10U;
  options.peer = "receiver of notices";
  return options;
}

}  // namespace

Result<WebhookConfig> webhook_at(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  const auto slash = url.find('/', std::min(kScheme.size(), url.size()));
  WebhookConfig config;
  config.base = url.substr(0, slash);
  config.path = slash == std::string::npos ? "/" : url.substr(slash);
  const bool sound = std::ranges::all_of(config.path, [](char c) { return c > ' ' && c < 0x7F; });
  const auto client = runtime::HttpClient::create(config.base);
  if (!client || !sound) {
    return fail(ErrorCode::kInvalid, "bad_url", "must be http://HOST:PORT/PATH");
  }
  return config;
}

std::string webhook_body(const Delivery& delivery) {
  const Notice& notice = delivery.notice;
  auto parts = json::Value::array();
  for (const NoticePart& part : notice.parts) {
    auto lines = json::Value::array();
    for (const NoticeLine& line : part.lines) {
      lines.add(json::Value::object().set("name", line.name).set("quantity", line.quantity));
    }
    parts.add(json::Value::object()
                  .set("kind", name_of(part.kind))
                  .set("lines", std::move(lines))
                  .set("site", part.site)
                  .set("amount", part.amount));
  }
  return json::Value::object()
      .set("delivery", delivery.id.text())
      .set("order", notice.order.value().text())
      .set("channel", notice.channel)
      .set("external_id", notice.reference)
      .set("language", name_of(delivery.contact.language))
      .set("email", delivery.contact.email)
      .set("notices", std::move(parts))
      .set("subject", delivery.message.subject)
      .set("text", delivery.message.text)
      .set("html", delivery.message.html)
      .dump();
}

DeliveryAnswer webhook_answer(int status) {
  using domain::DeliveryOutcome;
  constexpr std::array kNotNow = {408, 425, 429};
  if (status / 100 == 2) return {DeliveryOutcome::kTaken, ""};
  if (status / 100 == 5 || std::ranges::find(kNotNow, status) != kNotNow.end()) {
    return {DeliveryOutcome::kNotNow,
            fmt::format("the receiver would not take it now ({})", status)};
  }
  return {DeliveryOutcome::kNotEver, fmt::format("the receiver refused it ({})", status)};
}

WebhookSender::WebhookSender(Env env, WebhookConfig config)
    : config_(std::move(config)), threads_(env, kWebhookThreads) {}

void WebhookSender::send(const Delivery& delivery, Answered answered) {
  threads_.run(
      delivery.id,
      [this, id = delivery.id, body = webhook_body(delivery)] { return post(id, body); }, answered);
}

/// Over a connection of its own: of one that was kept nobody could tell whether its end came before
/// the request.
DeliveryAnswer WebhookSender::post(const Uuid& id, const std::string& body) const {
  auto client = runtime::HttpClient::create(config_.base, options_of(config_));
  if (!client) return {domain::DeliveryOutcome::kNotNow, client.error().message};
  runtime::HeaderFields headers{{"Content-Type", "application/json"},
                                {"X-Cairn-Delivery", id.text()}};
  if (!config_.secret.empty()) {
    headers.emplace("X-Cairn-Signature", "sha256=" + crypto::hmac_sha256_hex(config_.secret, body));
  }
  const auto response = client->send("POST", config_.path, headers, body);
  if (response) return webhook_answer(response->status);
  if (response.error().reason == "unreachable") {
    return {domain::DeliveryOutcome::kNotNow, "the receiver cannot be reached: nothing was sent"};
  }
  return {domain::DeliveryOutcome::kUnknown,
          "the receiver gave no clear answer: it may have taken the message"};
}

}  // namespace cairn::central
