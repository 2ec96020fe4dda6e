#pragma once
// Reads whom the hub tells about an order. Any thread.

#include "core/domain/notification/contact.h"
#include "core/json/reader.h"
#include "core/runtime/http_message.h"

namespace cairn::central {

/// The members `channel`, `email` and `language`. A problem is the reader's.
inline domain::OrderContact read_contact(json::Reader& in) {
  domain::OrderContact contact;
  const auto channel = domain::parse_notice_channel(in.text("channel", {1, 16}));
  if (!channel) in.problem("channel", channel.error().message);
  const auto language = domain::parse_notice_language(in.text("language", {1, 8}));
  if (!language) in.problem("language", language.error().message);
  contact.channel = channel.value_or(domain::NoticeChannel::kEmail);
  contact.language = language.value_or(domain::NoticeLanguage::kEnglish);
  contact.email = in.optional_text("email", {1, domain::kEmailMost}).value_or("");
  return contact;
}

/// The body is kept nowhere but in the contact: no key, no copy of the answer.
inline runtime::HttpRequest without_key(const runtime::HttpRequest& request) {
  runtime::HttpRequest once = request;
  once.headers.erase("Idempotency-Key");
  return once;
}

}  // namespace cairn::central
