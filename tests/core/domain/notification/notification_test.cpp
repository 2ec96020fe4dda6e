#include "core/domain/notification/notification.h"

#include "core/domain/notification/contact.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::domain::notification_test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("contact: addresses that are taken", "[domain][notification]") {
  for (const std::string address :
       {"a@example.com", "first.last+tag@shop.example.co.uk", "o'neil@example.com",
        "a@xn--bcher-kva.example", "1@2.example", "a_b@example.com"}) {
    CAPTURE(address);
    CHECK(check_email(address));
  }
  CHECK(check_email(std::string(64, 'x') + "@example.com"));
}

TEST_CASE("contact: addresses that are refused, and are in no message", "[domain][notification]") {
  for (const std::string address : {"",
                                    "a",
                                    "@",
                                    "a@",
                                    "@example.com",
                                    "a@b",
                                    "a@localhost",
                                    "a@example",
                                    "a@.com",
                                    "a@example..com",
                                    "a@-b.com",
                                    "a@b-.com",
                                    ".a@example.com",
                                    "a.@example.com",
                                    "a..b@example.com",
                                    "a b@example.com",
                                    "a@exa mple.com",
                                    "a@example.com ",
                                    "a@b@example.com",
                                    "\"a\"@example.com",
                                    "a@[127.0.0.1]",
                                    "a@127.0.0.1",
                                    "a(x)@example.com",
                                    "<a@example.com>",
                                    "a@example.com\r\nBcc: b@example.com",
                                    "a\n@example.com",
                                    "a@example.com\n",
                                    "a,b@example.com",
                                    "a;b@example.com",
                                    "\xC3\xA4@example.com",
                                    "a@b\xC3\xBC.example"}) {
    CAPTURE(address);
    const auto ok = check_email(address);
    REQUIRE_FALSE(ok);
    CHECK(ok.error().reason == "bad_email");
    CHECK(ok.error().message.find("Bcc") == std::string::npos);
  }
  CHECK_FALSE(check_email(std::string("a@example.com\0", 14)));
  CHECK_FALSE(check_email(std::string(65, 'x') + "@example.com"));
  CHECK_FALSE(check_email("a@" + std::string(64, 'b') + ".com"));
  std::string longest = "a@";
  while (longest.size() < 251) longest += "b.";
  CHECK(check_email(longest + "co"));
  CHECK_FALSE(check_email(longest + "comm"));
}

TEST_CASE("contact: only mail needs an address", "[domain][notification]") {
  CHECK_FALSE(validate({NoticeChannel::kEmail, "", NoticeLanguage::kGerman}));
  CHECK(validate({NoticeChannel::kWebhook, "", NoticeLanguage::kGerman}));
  CHECK_FALSE(validate({NoticeChannel::kWebhook, "a b", NoticeLanguage::kGerman}));
}

TEST_CASE("notification: names are read back, other words are refused", "[domain][notification]") {
  for (const auto kind : kNotificationKinds) {
    CHECK(parse_notification_kind(name_of(kind)) == kind);
  }
  for (const auto state : kNotificationStates) {
    CHECK(parse_notification_state(name_of(state)) == state);
  }
  for (const auto language : {NoticeLanguage::kEnglish, NoticeLanguage::kGerman}) {
    CHECK(parse_notice_language(name_of(language)) == language);
  }
  for (const auto channel : {NoticeChannel::kEmail, NoticeChannel::kWebhook}) {
    CHECK(parse_notice_channel(name_of(channel)) == channel);
  }
  CHECK(parse_notification_kind("confirmed").error().reason == "bad_notification_kind");
  CHECK(parse_notification_state("").error().reason == "bad_notification_state");
  CHECK(parse_notice_language("fr").error().reason == "bad_language");
  CHECK(parse_notice_channel("SMS").error().reason == "bad_notice_channel");
  CHECK(name_of(static_cast<NotificationKind>(0)).empty());
  CHECK(name_of(static_cast<NotificationState>(9)).empty());
  CHECK(name_of(static_cast<NoticeLanguage>(0)).empty());
  CHECK(name_of(static_cast<NoticeChannel>(0)).empty());
}

TEST_CASE("notification: it is tried less and less often", "[domain][notification]") {
  CHECK(pause_before_retry(1) == seconds(30));
  CHECK(pause_before_retry(2) == minutes(1));
  CHECK(pause_before_retry(7) == minutes(32));
  CHECK(pause_before_retry(8) == hours(1));
  CHECK(pause_before_retry(4'000'000'000) == hours(1));
}

TEST_CASE("notification: where it stands after a try", "[domain][notification]") {
  const UtcTime made{1'000};
  const UtcTime soon{made.us + 1};
  const UtcTime late{made.us + kDeliveryPatience.count()};
  CHECK(state_after(DeliveryOutcome::kTaken, made, late) == NotificationState::kSent);
  CHECK(state_after(DeliveryOutcome::kNotNow, made, soon) == NotificationState::kPending);
  CHECK(state_after(DeliveryOutcome::kNotNow, made, late) == NotificationState::kFailed);
  CHECK(state_after(DeliveryOutcome::kNotEver, made, soon) == NotificationState::kFailed);
  CHECK(state_after(DeliveryOutcome::kUnknown, made, late) == NotificationState::kUnknown);
}

}  // namespace
}  // namespace cairn::domain::notification_test
