#pragma once
// The bench page (kiosk-ui/bench): the devices to look at and to play with in a browser, on this
// machine only. What its buttons do are lines of the script. Its own threads
// (core/runtime/http_server.h).

#include "core/base/endpoint.h"
#include "core/base/log.h"
#include "core/base/metrics.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/runtime/auth.h"
#include "core/runtime/http_server.h"
#include "core/runtime/static_files.h"
#include "tools/cairn-sim/script.h"
#include "tools/cairn-sim/virtual_device.h"

#include <functional>
#include <memory>
#include <string>

namespace cairn::simulator {

struct BenchOptions {
  Endpoint address;  ///< of the loopback; port 0: any free one
  /// The built pages, with bench/ among them; null: programs use the bench, people do without.
  std::shared_ptr<const runtime::StaticFiles> pages;
};

class BenchServer {
 public:
  /// on_quit is called after the page said "quit". All references outlive the server. Errors: those
  /// of HttpServer::start().
  static Result<std::unique_ptr<BenchServer>> start(BenchOptions options, Script& script,
                                                    const Devices& devices,
                                                    std::function<void()> on_quit);
  BenchServer(const BenchServer&) = delete;
  BenchServer& operator=(const BenchServer&) = delete;
  ~BenchServer();

  /// "http://127.0.0.1:8090/"
  [[nodiscard]] std::string url() const;

 private:
  class Routes;

  BenchServer();

  /// Nobody signs in: all routes are public.
  class Nobody final : public runtime::Authenticator {
    Result<runtime::Principal> authenticate(std::string_view bearer_token) override;
  };

  Nobody nobody_;
  NullLog log_;
  Metrics metrics_;
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<runtime::HttpServer> server_;  // last: its threads use everything above
};

}  // namespace cairn::simulator
