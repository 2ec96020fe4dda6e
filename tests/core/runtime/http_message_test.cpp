#include "core/runtime/http_message.h"

#include "core/runtime/problem.h"
#include "tests/support/catch.h"

namespace cairn::runtime::http_message_test {
namespace {

TEST_CASE("http message: header names compare without case, the first of several counts",
          "[runtime][http]") {
  HttpRequest request;
  request.headers.emplace("Accept", "a");
  request.headers.emplace("ACCEPT", "b");
  CHECK(request.header("accept") == "a");
  CHECK(request.header("Accep") == std::nullopt);
  CHECK(request.header("Accepts") == std::nullopt);
  request.query = {{"q", "1"}, {"q", "2"}};
  CHECK(request.query_value("q") == "1");
  CHECK(request.query_value("Q") == std::nullopt);
  HttpResponse response;
  response.headers.emplace("ETag", "\"1\"");
  CHECK(response.header("etag") == "\"1\"");
}

struct Expected {
  ErrorCode code;
  std::string reason;
  int status;
};

TEST_CASE("problem: each code, and some reasons, have their status", "[runtime][problem]") {
  const auto expected = GENERATE(values<Expected>({
      {ErrorCode::kInvalid, "bad_gtin", 400},
      {ErrorCode::kDenied, "unauthenticated", 401},
      {ErrorCode::kDenied, "forbidden", 403},
      {ErrorCode::kDenied, "csrf", 403},
      {ErrorCode::kNotFound, "no_such_order", 404},
      {ErrorCode::kInvalid, "method_not_allowed", 405},
      {ErrorCode::kConflict, "claimed", 409},
      {ErrorCode::kInvalid, "body_too_large", 413},
      {ErrorCode::kInvalid, "unsupported_media_type", 415},
      {ErrorCode::kRejected, "over_pick", 422},
      {ErrorCode::kUnavailable, "too_many_requests", 429},
      {ErrorCode::kDenied, "locked_out", 429},
      {ErrorCode::kCorrupt, "bad_hash", 500},
      {ErrorCode::kInternal, "internal", 500},
      {ErrorCode::kUnavailable, "loop_full", 503},
  }));
  const HttpResponse response = problem({expected.code, expected.reason, "why"}, "t-1");
  CAPTURE(expected.reason);
  CHECK(response.status == expected.status);
  CHECK(response.content_type == "application/problem+json");
  const bool later = expected.status == 429 || expected.status == 503;
  CHECK(response.header("Retry-After").has_value() == later);
  CHECK(response.header("WWW-Authenticate").has_value() == (expected.status == 401));
}

TEST_CASE("problem: the body is RFC 9457 with our code and the trace", "[runtime][problem]") {
  const auto response = problem({ErrorCode::kRejected, "over_pick", "2 \"ordered\""}, "abc-7");
  CHECK(response.body ==
        R"({"type":"/problems/over_pick","title":"Refused by a rule","status":422,)"
        R"("detail":"2 \"ordered\"","code":"rejected","trace_id":"abc-7"})");
  const auto bare = problem({ErrorCode::kConflict, "", "why"}, "");
  CHECK(bare.body.find("/problems/conflict") != std::string::npos);
}

}  // namespace
}  // namespace cairn::runtime::http_message_test
