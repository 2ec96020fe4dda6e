#include "central/notifications/message_templates.h"

#include "tests/support/catch.h"

#include <map>
#include <string>

namespace cairn::central::message_templates_test {
namespace {

using domain::NoticeLanguage;
using domain::NotificationKind;

const ShopWords kShop{"Fish & <Chips>", "https://shop.example/o/{order}"};

MessageTemplates own() { return MessageTemplates::load(kShop, {}).value(); }

std::string problem(const std::string& name, const std::string& text) {
  const auto loaded = MessageTemplates::load(kShop, {{name, text}});
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason == "bad_template");
  return loaded.error().message;
}

TEST_CASE("message templates: every kind in every language", "[central][notification]") {
  const auto templates = own();
  const std::map<NotificationKind, std::pair<std::string, std::string>> subjects{
      {NotificationKind::kConfirmed,
       {"Your order 1001 is confirmed", "Ihre Bestellung 1001 ist best\xC3\xA4tigt"}},
      {NotificationKind::kReady,
       {"Your order 1001 is ready for you", "Ihre Bestellung 1001 liegt bereit"}},
      {NotificationKind::kDelayed,
       {"Your order 1001 takes longer", "Ihre Bestellung 1001 verz\xC3\xB6gert sich"}},
      {NotificationKind::kRejectedWithChoices,
       {"Your order 1001: please choose", "Ihre Bestellung 1001: bitte w\xC3\xA4hlen Sie"}},
      {NotificationKind::kCancelled,
       {"Your order 1001: cancelled articles", "Ihre Bestellung 1001: stornierte Artikel"}},
      {NotificationKind::kRefunded,
       {"Your order 1001: money back",
        "Ihre Bestellung 1001: Geld zur\xC3\xBC"
        "ck"}},
  };
  CHECK(subjects.size() == domain::kNotificationKinds.size());
  for (const auto& [kind, words] : subjects) {
    const auto english = templates.render(sample_notice(kind), NoticeLanguage::kEnglish);
    CHECK(english.subject == words.first);
    CHECK(english.text.find("https://shop.example/o/1001") != std::string::npos);
    CHECK(english.text.find("{{") == std::string::npos);
    const auto german = templates.render(sample_notice(kind), NoticeLanguage::kGerman);
    CHECK(german.subject == words.second);
    CHECK(german.html.find("<html lang=\"de\">") != std::string::npos);
  }
}

TEST_CASE("message templates: names are text, never markup or headers", "[central][notification]") {
  Notice notice = sample_notice(NotificationKind::kConfirmed);
  notice.reference = "1\r\nBcc: <x@example.com>";
  notice.parts.front().lines = {{"<script>alert('x')</script>\n.\nQUIT {{shop}}", "1"}};
  const auto message = own().render(notice, NoticeLanguage::kEnglish);
  CHECK(message.subject == "Your order 1  Bcc: <x@example.com> is confirmed");
  CHECK(message.text.find("<script>alert('x')</script> . QUIT {{shop}}") != std::string::npos);
  CHECK(message.html.find("<script") == std::string::npos);
  CHECK(message.html.find("&lt;script&gt;") != std::string::npos);
  CHECK(message.html.find("<p>Fish &amp; &lt;Chips&gt;</p>") != std::string::npos);
  CHECK(message.html.find("/o/1%0D%0ABcc%3A%20%3Cx%40example.com%3E\"") != std::string::npos);
}

TEST_CASE("message templates: a long subject is cut between characters",
          "[central][notification]") {
  Notice notice = sample_notice(NotificationKind::kConfirmed);
  notice.reference.clear();
  for (int i = 0; i < 200; ++i) notice.reference += "\xC3\xA4";
  const auto subject = own().render(notice, NoticeLanguage::kEnglish).subject;
  CHECK(subject.size() >= 199);
  CHECK(subject.size() <= 200);
  CHECK(subject.ends_with("\xC3\xA4"));
}

TEST_CASE("message templates: several causes are one message", "[central][notification]") {
  Notice notice = sample_notice(NotificationKind::kCancelled);
  notice.parts.push_back(sample_notice(NotificationKind::kRefunded).parts.front());
  const auto message = own().render(notice, NoticeLanguage::kEnglish);
  CHECK(message.subject == "News about your order 1001");
  CHECK(message.text ==
        "These articles of your order 1001 are cancelled:\n\n- 2 x Tea & \"Co\" <large>\n"
        "- 0.25 x Ribbon\n\n12.50 GBP of your order 1001 go back to where they were paid from.\n\n"
        "Your order: https://shop.example/o/1001\n\nFish & <Chips>\n");
}

TEST_CASE("message templates: what is wrong is told with file and line",
          "[central][notification]") {
  CHECK(problem("en/ready.txt", "No subject\n\nx\n") ==
        "en/ready.txt:1: the first line is \"Subject: \" and words, the second is empty");
  CHECK(problem("en/ready.txt", "Subject: x\nx\n").starts_with("en/ready.txt:1: "));
  CHECK(problem("de/ready.txt", "Subject: x\n\na\n{{#lines}}\nb\n") ==
        "de/ready.txt:4: Unclosed section \"lines\"");
  CHECK(problem("de/ready.txt", "Subject: x\n\n\n{{order\n").starts_with("de/ready.txt:4: "));
  CHECK(problem("en/ready.txt", "Subject: {{ordr}}\n\nx\n") ==
        "en/ready.txt:1: there is nothing of the name \"ordr\"");
  CHECK(problem("en/ready.txt", "Subject: x\n\n{{#lines}}\n{{nam}}\n{{/lines}}\n") ==
        "en/ready.txt:4: there is nothing of the name \"nam\"");
  CHECK(problem("en/frame.html", "<p>\n{{{shop}}}").starts_with("en/frame.html:2: \"{{{\""));
  CHECK(problem("en/frame.html", "{{&shop}}").starts_with("en/frame.html:1: "));
  CHECK(problem("en/frame.html", "{{>other}}").starts_with("en/frame.html:1: "));
  CHECK(problem("en/frame.html", "{{= = =}}").starts_with("en/frame.html:1: "));
}

TEST_CASE("message templates: a shop's own words take the place of ours",
          "[central][notification]") {
  const auto templates =
      MessageTemplates::load({"Shop", ""}, {{"de/ready.txt", "Subject: Da!\n\n{{site}}\n"}});
  REQUIRE(templates);
  const auto message =
      templates->render(sample_notice(NotificationKind::kReady), NoticeLanguage::kGerman);
  CHECK(message.subject == "Da!");
  CHECK(message.text == "Shop York\n\nShop\n");
}

}  // namespace
}  // namespace cairn::central::message_templates_test
