#pragma once
// Whom the hub tells about an order, and how. Personal data: it is in no event and in no log, so
// that it can be erased (docs/notifications.md). Pure data.

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::domain {

/// What notices are written in.
enum class NoticeLanguage : std::uint8_t { kEnglish = 1, kGerman = 2 };
/// "en", "de" (ISO 639-1); empty for a number that is neither.
std::string_view name_of(NoticeLanguage language);
/// Errors: kInvalid "bad_language".
Result<NoticeLanguage> parse_notice_language(std::string_view text);

enum class NoticeChannel : std::uint8_t {
  kEmail = 1,
  kWebhook = 2,  ///< the shop's own system tells the shopper
};
/// "EMAIL", "WEBHOOK"; empty for a number that is neither.
std::string_view name_of(NoticeChannel channel);
/// Errors: kInvalid "bad_notice_channel".
Result<NoticeChannel> parse_notice_channel(std::string_view text);

struct OrderContact {
  NoticeChannel channel = NoticeChannel::kEmail;
  std::string email;  ///< as check_email() takes it; kWebhook: may be empty
  NoticeLanguage language = NoticeLanguage::kEnglish;
  friend bool operator==(const OrderContact&, const OrderContact&) = default;
};

/// Octets of an address, path and brackets left out (RFC 5321, 4.5.3.1).
inline constexpr std::size_t kEmailMost = 254;

/// Takes addresses as RFC 5321, 4.1.2 writes them, as far as shops' customers have them: a
/// dot-string of at most 64 ASCII characters, "@", and a host name of two labels or more. Quoted
/// local parts, address literals and comments are refused, and with them whatever could end a
/// header or a command. Errors: kInvalid "bad_email".
Result<> check_email(std::string_view address);

/// Errors: kInvalid "bad_email".
Result<> validate(const OrderContact& contact);

}  // namespace cairn::domain
