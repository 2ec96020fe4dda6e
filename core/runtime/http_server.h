#pragma once
// HTTP/1.1 for the programs, on Poco's HTTP server: routes in, typed requests to handlers, problem
// details out. It authenticates, authorises and bounds everything before a handler sees it, so that
// a handler is about its subject only.
//
// Handlers run on the server's threads, several at once; they reach state through call()/ask() on
// the loop (core/runtime/call.h) or through read-only connections. Built and stopped by a
// composition root.
//
// Metrics: http_requests_total{method,route,status}, http_request_ms{route}. Nothing of a path,
// query or body is ever logged: they hold names and numbers of customers.

#include "core/base/log.h"
#include "core/base/metrics.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/runtime/auth.h"
#include "core/runtime/http_message.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::runtime {

class SseHub;

/// An Error becomes problem details. A handler that throws is logged and answered with 500.
using Handler = std::function<Result<HttpResponse>(const HttpRequest&, const Principal&)>;

/// A pattern is a path whose segments are literal, "{name}" (one segment, not empty), or, as the
/// last one, "{name...}" (all the rest, may be empty). Literal segments win over {name}, {name}
/// over {name...}. Permission: "" is public, "any" is any signed-in user, else the permission the
/// user must have.
struct Route {
  std::string method;  ///< GET routes answer HEAD as well.
  std::string pattern;
  std::string permission;
  Handler handler;
  std::size_t max_body = 1U << 20U;
};

/// GET of a server-sent event stream. The hub outlives the server.
struct StreamRoute {
  std::string pattern;
  std::string permission;
  SseHub* hub = nullptr;
};

class HttpServer {
 public:
  struct Options {
    std::string host = "127.0.0.1";    ///< An address of this machine; "0.0.0.0" or "::" for all.
    std::uint16_t port = 0;            ///< 0: any free one.
    std::size_t max_threads = 48;      ///< Connections at once, idle ones too; streams need none.
    std::size_t max_waiting = 64;      ///< Connections waiting for a thread; beyond: closed.
    std::size_t sse_clients_max = 64;  ///< Over all stream routes; beyond: 503 with Retry-After.
    Duration idle_timeout = std::chrono::seconds(8);     ///< Between two requests.
    Duration header_timeout = std::chrono::seconds(10);  ///< For the whole head, once it begins.
    /// For a body or a response, plus what it takes at this many octets a second.
    Duration transfer_timeout = std::chrono::seconds(10);
    std::size_t transfer_rate = 64U << 10U;
  };

  /// Routes are checked here: a malformed or doubled pattern is a bug. All references outlive the
  /// server.
  HttpServer(const Options& options, std::vector<Route> routes, std::vector<StreamRoute> streams,
             Authenticator& authenticator, Log& log, Metrics& metrics);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  ///< Stops.

  /// Listens and serves; once. Errors: kUnavailable "address_in_use", kDenied "port_not_allowed",
  /// kInvalid "bad_address", kInternal "listen_failed".
  [[nodiscard]] Result<> start();
  /// The port that is listened on, once started.
  [[nodiscard]] std::uint16_t port() const;
  /// Accepts nothing more, lets running handlers answer, ends streams, returns when all is quiet.
  /// Any thread but the server's own; more than once.
  void stop();

 private:
  class Running;

  std::unique_ptr<Running> running_;
};

}  // namespace cairn::runtime
