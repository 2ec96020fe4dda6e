#pragma once
// The head of an HTTP/1.1 request: request line and header fields, strictly (RFC 9112). What two
// programs could read differently is refused, so that nothing can hide in it behind a proxy. Pure.

#include "core/base/result.h"
#include "core/runtime/http_message.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::runtime {

constexpr std::size_t kMaxHeadBytes = 16U << 10U;
constexpr std::size_t kMaxLineBytes = 8000;
constexpr std::size_t kMaxFields = 64;

struct RequestHead {
  std::string method;
  std::string path;   ///< Still escaped.
  std::string query;  ///< Still escaped, without the '?'.
  HeaderFields headers;

  bool chunked = false;
  std::uint64_t content_length = 0;  ///< 0 if chunked.
  bool keep_alive = true;            ///< As far as the client is concerned.
  bool expects_continue = false;

  [[nodiscard]] bool has_body() const { return chunked || content_length > 0; }
};

/// `text`: everything up to and with the empty line.
/// Errors: kInvalid "bad_request", "uri_too_long", "headers_too_large", "unsupported_version",
/// "unsupported_encoding", "expectation_failed".
Result<RequestHead> parse_request_head(const std::string& text);

/// True for a method or field name (RFC 9110 §5.6.2).
bool is_token(std::string_view text);
/// True for text that cannot end a header field early.
bool is_field_value(std::string_view text);

}  // namespace cairn::runtime
