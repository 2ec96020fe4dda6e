#pragma once
// A request and a response as route handlers and the client see them: plain values, complete in
// memory, without a trace of the library that carries them. Any thread, one value in one thread.

#include "core/json/value.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::runtime {

/// ASCII order without case, as header names compare (RFC 9110 §5.1).
struct IgnoreCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

using HeaderFields = std::multimap<std::string, std::string, IgnoreCase>;

struct HttpRequest {
  std::string method;
  std::string path;  ///< As sent, still escaped, without the query.
  /// {name} in the route's pattern -> decoded text, valid UTF-8 without NUL.
  std::map<std::string, std::string, std::less<>> parameters;
  /// Decoded, in the order sent.
  std::vector<std::pair<std::string, std::string>> query;
  HeaderFields headers;  ///< Values as sent: perhaps not UTF-8.
  std::string body;
  std::string remote_address;  ///< The peer's IP address, without the port.
  std::string trace_id;        ///< Unique in this process; for log lines.
  std::string route;           ///< The pattern of its route, "/api/v1/orders/{order}".
  std::string permission;      ///< The route's: see Route.

  /// The text of {name}, which must be in the route's pattern.
  [[nodiscard]] const std::string& parameter(std::string_view name) const;
  /// The first query field or header field of that name.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  /// Further fields. Framing (Content-Length, Connection, ...) is the server's business.
  HeaderFields headers;

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

HttpResponse json_response(const json::Value& body, int status = 200);

}  // namespace cairn::runtime
