#pragma once
// The played payment provider behind real HTTP, on this machine only: what hubs ask
// (docs/payments.md), and what tests tell it and want to know. Its own threads
// (core/runtime/http_server.h).

#include "core/base/endpoint.h"
#include "core/base/log.h"
#include "core/base/metrics.h"
#include "core/runtime/auth.h"
#include "core/runtime/http_server.h"
#include "tools/cairn-sim/provider/played_provider.h"

#include <functional>
#include <memory>
#include <string>

namespace cairn::simulator {

class ProviderServer {
 public:
  /// Waits so long with an answer that is to be lost.
  using Hold = std::function<void()>;

  /// `secret`: the bearer token that hubs must send; empty: none. All references outlive the
  /// server. Errors: those of HttpServer::start().
  static Result<std::unique_ptr<ProviderServer>> start(const Endpoint& listen, std::string secret,
                                                       PlayedProvider& provider, Hold hold);
  ProviderServer(const ProviderServer&) = delete;
  ProviderServer& operator=(const ProviderServer&) = delete;
  ~ProviderServer();

  /// "http://127.0.0.1:8090"
  [[nodiscard]] std::string url() const;

 private:
  ProviderServer(std::string host, std::string secret, PlayedProvider& provider, Hold hold);

  [[nodiscard]] std::vector<runtime::Route> routes() const;
  [[nodiscard]] Result<runtime::HttpResponse> put(const runtime::HttpRequest& request) const;
  [[nodiscard]] Result<runtime::HttpResponse> fail_next(const runtime::HttpRequest& request) const;

  /// Nobody signs in: all routes are public, and the secret is looked at by put().
  class Nobody final : public runtime::Authenticator {
    Result<runtime::Principal> authenticate(std::string_view bearer_token) override;
  };

  const std::string host_;
  const std::string secret_;
  PlayedProvider* const provider_;
  const Hold hold_;
  Nobody nobody_;
  NullLog log_;
  Metrics metrics_;
  std::unique_ptr<runtime::HttpServer> server_;  // last: its threads use everything above
};

}  // namespace cairn::simulator
