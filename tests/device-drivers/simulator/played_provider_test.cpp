// The payment provider that cairn-sim plays: each key is done once, and it goes wrong as it is
// told.

#include "tools/cairn-sim/provider/played_provider.h"

#include "core/json/reader.h"
#include "tests/core/base/support/manual_clock.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>

namespace cairn::simulator::played_provider_test {
namespace {

constexpr const char* kPayment = "01920000-0000-7000-8000-000000000090";

struct Played {
  ProviderReply authorize(const std::string& key, std::int64_t minor,
                          const std::string& token = "tok_visa") {
    return provider.put("authorizations", key,
                        R"({"payment":")" + std::string(kPayment) + R"(","token":")" + token +
                            R"(","currency":"GBP","amount_minor":)" + std::to_string(minor) + "}");
  }
  ProviderReply move(const char* path, const std::string& key, std::int64_t minor,
                     const std::string& more = "") {
    return provider.put(path, key,
                        R"({"payment":")" + std::string(kPayment) +
                            R"(","authorization":"auth_1","currency":"GBP","amount_minor":)" +
                            std::to_string(minor) + more + "}");
  }
  ProviderReply capture(const std::string& key, std::int64_t minor) {
    return move("captures", key, minor, R"(,"last":false)");
  }
  ProviderReply refund(const std::string& key, std::int64_t minor, const std::string& capture) {
    return move("refunds", key, minor, R"(,"capture":")" + capture + '"');
  }
  std::string sum(const char* name) {
    const json::Value sums = provider.sums();
    return json::Reader(sums).as_text(name);
  }

  cairn::test::ManualClock clock{UtcTime{1'790'000'000'000'000}};
  PlayedProvider provider{clock};
};

std::string outcome(const ProviderReply& reply) {
  const auto body = json::parse(reply.body);
  return body ? json::Reader(*body).as_text("outcome") : std::string("no JSON");
}

TEST_CASE("played provider: holds, takes in parts and gives back, never more", "[sim][provider]") {
  Played played;
  CHECK(outcome(played.authorize("k1", 1'000)) == "DONE");
  CHECK(outcome(played.capture("k2", 600)) == "DONE");
  CHECK(outcome(played.capture("k3", 401)) == "DECLINED");
  CHECK(outcome(played.capture("k4", 400)) == "DONE");
  CHECK(outcome(played.refund("k5", 601, "capture_2")) == "DECLINED");
  CHECK(outcome(played.refund("k6", 600, "capture_2")) == "DONE");
  CHECK(outcome(played.refund("k7", 1, "capture_2")) == "DECLINED");
  CHECK(outcome(played.refund("k8", 1, "capture_9")) == "DECLINED");
  CHECK(outcome(played.refund("k9", 400, "capture_3")) == "DONE");
  CHECK(played.sum("captured_minor") == "1000");
  CHECK(played.sum("refunded_minor") == "1000");
  const std::string file = played.provider.settlement();
  CHECK_THAT(file, Catch::Contains("CAPTURE,capture_2,k2,600,GBP,"));
  CHECK_THAT(file, Catch::Contains("REFUND,refund_4,k6,600,GBP,"));
}

TEST_CASE("played provider: a key is done once and answered as the first time", "[sim][provider]") {
  Played played;
  const std::string first = played.authorize("k1", 1'000).body;
  CHECK(played.authorize("k1", 1'000).body == first);
  CHECK(played.sum("held_minor") == "1000");
  CHECK(played.sum("repeated") == "1");
  CHECK(played.authorize("k1", 999).status == 422);
}

TEST_CASE("played provider: goes wrong as it is told", "[sim][provider]") {
  Played played;
  played.provider.fail_next(ProviderFault::kNotDone, 1);
  CHECK(played.authorize("k1", 1'000).status == 500);
  CHECK(played.sum("held_minor") == "0");
  played.provider.fail_next(ProviderFault::kAnswerLost, 1);
  CHECK(played.authorize("k1", 1'000).lost);
  CHECK(played.sum("held_minor") == "1000");
  CHECK(outcome(played.authorize("k1", 1'000)) == "DONE");
  played.provider.fail_next(ProviderFault::kDecline, 1);
  CHECK(outcome(played.capture("k2", 1)) == "DECLINED");
  CHECK(played.sum("captured_minor") == "0");
  played.provider.fail_next(ProviderFault::kGarbage, 1);
  CHECK(outcome(played.capture("k3", 1)) == "no JSON");
  CHECK(played.sum("captured_minor") == "1");
  CHECK_FALSE(parse_provider_fault("fire"));
  CHECK(parse_provider_fault("answer_lost") == ProviderFault::kAnswerLost);
}

TEST_CASE("played provider: a settlement file is wrong as it is told", "[sim][provider]") {
  Played played;
  played.authorize("k1", 1'000);
  played.capture("k2", 600);
  played.capture("k3", 400);
  const auto lines = [&played](const char* wrong) {
    const std::string file = played.provider.settlement(wrong);
    return std::count(file.begin(), file.end(), '\n') - 1;
  };
  CHECK(lines("") == 2);
  CHECK(lines("missing") == 1);
  CHECK(lines("twice,unknown") == 4);
  CHECK(lines("amount") == 2);
  CHECK_THAT(played.provider.settlement("amount"), Catch::Contains(",k2,601,GBP,"));
}

TEST_CASE("played provider: tokens and amounts that are declined, and a short authorisation",
          "[sim][provider]") {
  Played played;
  CHECK(outcome(played.authorize("k1", 1'000, "tok_decline_1")) == "DECLINED");
  CHECK(outcome(played.authorize("k2", 951)) == "DECLINED");
  CHECK(outcome(played.authorize("k3", 1'000, "tok_short")) == "DONE");
  played.clock.move(std::chrono::seconds(3));
  CHECK(outcome(played.capture("k4", 1)) == "EXPIRED");
  CHECK(played.authorize("", 1).status == 400);
  CHECK(played.provider.put("authorizations", "k5", "{}").status == 400);
  CHECK(played.move("nothing", "k6", 1).status == 404);
}

}  // namespace
}  // namespace cairn::simulator::played_provider_test
