#pragma once
// How an Error looks over HTTP: RFC 9457 problem details. The one table from ErrorCode to status is
// behind this header. Any thread.

#include "core/base/error.h"
#include "core/runtime/http_message.h"

#include <string_view>

namespace cairn::runtime {

/// application/problem+json: {type: "/problems/<reason>", title, status, detail, code, trace_id},
/// with WWW-Authenticate or Retry-After where the status asks for it.
HttpResponse problem(const Error& error, std::string_view trace_id);

}  // namespace cairn::runtime
