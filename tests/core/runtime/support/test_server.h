#pragma once
// A server on a free port of this machine with the users and the log of a test.

#include "core/runtime/http_server.h"
#include "core/runtime/sse_hub.h"
#include "core/runtime/system_clock.h"
#include "tests/core/runtime/support/raw_peer.h"

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::runtime::test {

/// Knows one token: "anna", with the permissions "order.read" and "order.write".
class OneUser final : public Authenticator {
 public:
  Result<Principal> authenticate(std::string_view token) override {
    if (token == "throw") throw std::runtime_error("broken");
    if (token == "busy") return fail(ErrorCode::kUnavailable, "loop_full", "try again");
    if (token != "anna") return fail(ErrorCode::kDenied, "unauthenticated", "unknown token");
    Principal anna;
    anna.name = "Anna";
    anna.permissions = {"order.read", "order.write"};
    return anna;
  }
};

/// Keeps every line as "event name=value name=value".
class RecordingLog final : public Log {
 public:
  void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) override {
    std::string line = std::string(name_of(level)) + " " + std::string(event);
    for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + value;
    const std::scoped_lock lock(mutex_);
    text_ += line + "\n";
  }

  [[nodiscard]] bool has(std::string_view part) const {
    const std::scoped_lock lock(mutex_);
    return text_.find(part) != std::string::npos;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

struct TestServer {
  explicit TestServer(std::vector<Route> routes, HttpServer::Options options = {},
                      std::vector<StreamRoute> streams = {})
      : server(std::move(options), std::move(routes), std::move(streams), users, log, metrics) {
    if (const auto started = server.start(); !started) {
      throw std::runtime_error(started.error().message);
    }
  }

  [[nodiscard]] RawPeer connect() const { return RawPeer(server.port()); }
  /// One request over a connection of its own.
  [[nodiscard]] RawResponse exchange(std::string_view request, bool has_body = true) const {
    RawPeer peer(server.port());
    peer.send(request);
    return peer.response(has_body);
  }
  /// The value of the sample with that name and those labels; "" if there is none.
  [[nodiscard]] std::string metric(std::string_view name, std::string_view labels) const {
    for (const auto& sample : metrics.samples()) {
      if (sample.name == name && sample.labels == labels) return sample.value;
    }
    return "";
  }

  OneUser users;
  RecordingLog log;
  Metrics metrics;
  HttpServer server;
};

/// A public GET route that answers with `make(request)` as text.
inline Route text_route(std::string pattern, std::function<std::string(const HttpRequest&)> make) {
  return {"GET", std::move(pattern), "",
          [make = std::move(make)](const HttpRequest& request,
                                   const Principal&) -> Result<HttpResponse> {
            return HttpResponse{200, "text/plain", make(request), {}};
          }};
}

/// A route that answers with the body it got.
inline Route echo_route(std::string method, std::string pattern, std::string permission,
                        std::size_t max_body = 1U << 20U) {
  return {std::move(method), std::move(pattern), std::move(permission),
          [](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
            return HttpResponse{200, "text/plain", request.body, {}};
          },
          max_body};
}

}  // namespace cairn::runtime::test
