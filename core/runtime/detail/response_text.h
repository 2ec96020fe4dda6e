#pragma once
// Turns a response into the octets of HTTP/1.1, with the fields every response of ours carries.
// Pure.

#include "core/runtime/http_message.h"

#include <string>
#include <string_view>

namespace cairn::runtime {

struct ResponseContext {
  std::string_view trace_id;
  bool keep_alive = true;
};

/// False if a header field could end early, is malformed or is about framing: a bug of the handler,
/// which must not become a hole.
bool is_sendable(const HttpResponse& response);

/// The head of a complete response: status, Content-Length, X-Content-Type-Options, X-Trace-Id, and
/// Cache-Control: no-store unless the handler chose another. The response must be sendable.
std::string head_text(const HttpResponse& response, const ResponseContext& context);

/// The head of an event stream, which has no length and ends with the connection.
std::string stream_head_text(std::string_view trace_id);

/// "HTTP/1.1 503 ..." complete, for peers that get no thread.
std::string overload_text();

}  // namespace cairn::runtime
