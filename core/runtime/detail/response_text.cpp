#include "core/runtime/detail/response_text.h"

#include "core/runtime/detail/request_head.h"
#include "core/runtime/problem.h"

#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace cairn::runtime {
namespace {

using PocoResponse = Poco::Net::HTTPResponse;

constexpr std::array<std::string_view, 5> kFraming = {
    "Connection", "Content-Length", "Content-Type", "Keep-Alive", "Transfer-Encoding"};

bool is_framing(std::string_view name) {
  const IgnoreCase less;
  return std::ranges::any_of(kFraming, [&less, name](std::string_view framing) {
    return !less(name, framing) && !less(framing, name);
  });
}

/// RFC 9110 §15: these end with their head.
bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

PocoResponse common_head(int status, std::string_view trace_id) {
  PocoResponse head(Poco::Net::HTTPMessage::HTTP_1_1,
                    static_cast<PocoResponse::HTTPStatus>(status));
  head.setDate(Poco::Timestamp());
  head.set("X-Content-Type-Options", "nosniff");
  head.set("X-Trace-Id", std::string(trace_id));
  head.set("Cache-Control", "no-store");
  return head;
}

std::string text_of(const PocoResponse& head) {
  std::ostringstream out;
  head.write(out);
  return std::move(out).str();
}

}  // namespace

bool is_sendable(const HttpResponse& response) {
  const auto sound = [](const auto& field) {
    return is_token(field.first) && is_field_value(field.second) && !is_framing(field.first);
  };
  return response.status >= 200 && response.status <= 599 &&
         is_field_value(response.content_type) && std::ranges::all_of(response.headers, sound);
}

std::string head_text(const HttpResponse& response, const ResponseContext& context) {
  PocoResponse head = common_head(response.status, context.trace_id);
  for (const auto& [name, value] : response.headers) head.erase(name);
  for (const auto& [name, value] : response.headers) head.add(name, value);
  head.setKeepAlive(context.keep_alive);
  if (!has_no_body(response.status)) {
    head.setContentType(response.content_type);
    head.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
  }
  return text_of(head);
}

std::string stream_head_text(std::string_view trace_id) {
  PocoResponse head = common_head(200, trace_id);
  head.setContentType("text/event-stream");
  head.set("X-Accel-Buffering", "no");  // asks proxies (nginx) to pass every event on at once
  head.setKeepAlive(false);
  return text_of(head);
}

std::string overload_text() {
  const Error error{ErrorCode::kUnavailable, "overloaded",
                    "too many connections are waiting; try again in a moment"};
  const HttpResponse response = problem(error, "none");
  return head_text(response, {"none", false}) + response.body;
}

}  // namespace cairn::runtime
