#include "core/runtime/problem.h"

#include "core/base/assert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cairn::runtime {
namespace {

struct Row {
  std::string_view key;  ///< A reason, or else the name of a code.
  int status;
  std::string_view title;
  int retry_after_s = 0;
};

/// Reasons that mean something of their own in HTTP, whatever their code.
constexpr std::array kReasons = {
    Row{"unauthenticated", 401, "Sign in first"},
    Row{"bad_signature", 401, "The signature does not fit"},
    Row{"method_not_allowed", 405, "Method not allowed here"},
    Row{"request_timeout", 408, "The request took too long to arrive"},
    Row{"length_required", 411, "Content-Length required"},
    Row{"body_too_large", 413, "Body too large"},
    Row{"unsupported_media_type", 415, "Unsupported media type"},
    Row{"expectation_failed", 417, "Expectation not supported"},
    Row{"too_many_requests", 429, "Too many requests", 30},
    Row{"locked_out", 429, "Locked out for a while", 300},
    Row{"unsupported_version", 505, "HTTP version not supported"},
};

/// Everything else.
constexpr std::array kCodes = {
    Row{"invalid", 400, "Invalid request"},
    Row{"denied", 403, "Not allowed"},
    Row{"not_found", 404, "Not found"},
    Row{"conflict", 409, "Contradicts the present state"},
    Row{"rejected", 422, "Refused by a rule"},
    Row{"corrupt", 500, "Damaged data"},
    Row{"internal", 500, "Internal error"},
    Row{"unavailable", 503, "Not available now", 1},
};

const Row& row_of(const Error& error) {
  const auto by_reason = std::ranges::find(kReasons, error.reason, &Row::key);
  if (by_reason != kReasons.end()) return *by_reason;
  const auto by_code = std::ranges::find(kCodes, name_of(error.code), &Row::key);
  CAIRN_ASSERT(by_code != kCodes.end(), "every code has a row");
  return *by_code;
}

}  // namespace

HttpResponse problem(const Error& error, std::string_view trace_id) {
  const Row& row = row_of(error);
  const std::string_view reason = error.reason.empty() ? name_of(error.code) : error.reason;
  const auto body = json::Value::object()
                        .set("type", fmt::format("/problems/{}", reason))
                        .set("title", row.title)
                        .set("status", row.status)
                        .set("detail", error.message)
                        .set("code", name_of(error.code))
                        .set("trace_id", trace_id);
  HttpResponse response{row.status, "application/problem+json", body.dump(), {}};
  if (row.status == 401) response.headers.emplace("WWW-Authenticate", "Bearer");
  const int retry_after_s = error.retry_after_s > 0 ? error.retry_after_s : row.retry_after_s;
  if (retry_after_s > 0) {
    response.headers.emplace("Retry-After", fmt::format("{}", retry_after_s));
  }
  return response;
}

}  // namespace cairn::runtime
