#pragma once
// A small blocking HTTP client: the operator CLI, simulators and tests talk to agents and hubs with
// it. One thread, one connection, kept alive.

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/runtime/http_message.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::runtime {

class HttpClient {
 public:
  struct Options {
    Duration connect_timeout = std::chrono::seconds(3);
    Duration response_timeout = std::chrono::seconds(30);  ///< For each read, not for the whole.
    std::size_t max_body = 64U << 20U;                     ///< A longer response is an error.
    std::string peer = "hub";                              ///< For messages: "is the hub running?"
  };

  /// `base_url`: "http://host:port", the port may be left out (80). Nothing is sent yet.
  /// Errors: kInvalid "bad_url".
  static Result<HttpClient> create(std::string_view base_url);
  static Result<HttpClient> create(std::string_view base_url, const Options& options);
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&& other) noexcept;
  ~HttpClient();

  /// Sends a request and waits for the response, whatever its status. `path`: escaped, with the
  /// query. If the server closed a kept connection, the request is sent once more when that is
  /// safe: GET, HEAD, PUT, DELETE, or with an Idempotency-Key. A server may answer before it has
  /// taken the whole body (413 to one that is too long): that answer counts. `response_timeout`:
  /// for this request instead of the options' one. Errors: kUnavailable "unreachable",
  /// "no_response"; kInvalid "bad_request" (method, path or field cannot be sent), kCorrupt
  /// "bad_response".
  Result<HttpResponse> send(const std::string& method, const std::string& path,
                            const HeaderFields& headers = {}, std::string_view body = {},
                            std::optional<Duration> response_timeout = std::nullopt);

  /// Follows an event stream or another answer without an end: hands over each line, without its
  /// line break, until `line` returns false or the stream ends; then that is what is returned, with
  /// no body. Another status than 200 is answered as by send(). A silence of `silence` ends it,
  /// too. Errors: those of send(); kCorrupt "bad_response" (a line of more than 1 MiB).
  Result<HttpResponse> follow(const std::string& path, const HeaderFields& headers,
                              const std::function<bool(std::string_view)>& line, Duration silence);

 private:
  class Session;
  explicit HttpClient(std::unique_ptr<Session> session);

  std::unique_ptr<Session> session_;
};

}  // namespace cairn::runtime
