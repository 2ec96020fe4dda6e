#include "central/notifications/webhook_sender.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::central::webhook_sender_test {
namespace {

using domain::DeliveryOutcome;

TEST_CASE("webhook: its address is parted at the path", "[central][notification]") {
  const auto at = webhook_at("http://127.0.0.1:80/notices?of=cairn");
  REQUIRE(at);
  CHECK(at->base == "http://127.0.0.1:80");
  CHECK(at->path == "/notices?of=cairn");
  CHECK(webhook_at("http://shop.example")->path == "/");
  for (const std::string url : {"", "http://", "ftp://a/b", "https://a/b", "a/b", "http://u@a/b",
                                "http://a/b c", "http://a/b\r\nX: y"}) {
    CAPTURE(url);
    CHECK_FALSE(webhook_at(url));
  }
}

TEST_CASE("webhook: what an answer means", "[central][notification]") {
  for (const int status : {200, 202, 204}) {
    CHECK(webhook_answer(status).outcome == DeliveryOutcome::kTaken);
  }
  for (const int status : {408, 425, 429, 500, 503}) {
    CHECK(webhook_answer(status).outcome == DeliveryOutcome::kNotNow);
  }
  for (const int status : {301, 400, 401, 404, 410, 422}) {
    CHECK(webhook_answer(status).outcome == DeliveryOutcome::kNotEver);
  }
}

TEST_CASE("webhook: the body tells all of it", "[central][notification]") {
  Delivery delivery;
  delivery.contact = {domain::NoticeChannel::kWebhook, "", domain::NoticeLanguage::kGerman};
  delivery.notice = sample_notice(domain::NotificationKind::kRefunded);
  delivery.message = {"Subject", "text", "<p>html</p>"};
  CHECK(webhook_body(delivery) ==
        R"({"delivery":"00000000-0000-0000-0000-000000000000",)"
        R"("order":"00000000-0000-0000-0000-000000000000","channel":"web","external_id":"1001",)"
        R"("language":"de","email":"","notices":[{"kind":"REFUNDED","lines":[)"
        R"({"name":"Tea & \"Co\" <large>","quantity":"2"},{"name":"Ribbon","quantity":"0.25"}],)"
        R"("site":"Shop York","amount":"12.50 GBP"}],)"
        R"("subject":"Subject","text":"text","html":"<p>html</p>"})");
}

}  // namespace
}  // namespace cairn::central::webhook_sender_test
