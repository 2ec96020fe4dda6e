#include "core/runtime/http_server.h"

#include "core/base/assert.h"
#include "core/runtime/detail/connection_registry.h"
#include "core/runtime/detail/http_connection.h"
#include "core/runtime/detail/http_service.h"
#include "core/runtime/detail/listener.h"
#include "core/runtime/detail/response_text.h"
#include "core/runtime/detail/route_table.h"
#include "core/runtime/system_clock.h"

#include <Poco/Exception.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

namespace cairn::runtime {
namespace {

using Poco::Net::StreamSocket;
using std::chrono::seconds;

constexpr Duration kGrace = seconds(5);

/// To a peer that gets no thread. If it cannot be sent at once, closing says as much.
void refuse(StreamSocket& socket, const std::string& text) {
  try {
    socket.setBlocking(false);
    socket.sendBytes(text.data(), static_cast<int>(text.size()), MSG_NOSIGNAL);
  } catch (const Poco::Exception&) {
    return;
  }
}

}  // namespace

class HttpServer::Running {
 public:
  Running(const Options& options, RouteTable routes, Authenticator& authenticator, Log& log,
          Metrics& metrics);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }

  Result<> start();
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void accept_connections();
  void serve_connections();

  const Options options_;
  Log& log_;
  const SystemClock clock_;
  const std::string overload_text_ = overload_text();
  HttpService service_;
  ConnectionRegistry registry_;
  Listener listener_;
  std::uint16_t port_ = 0;
  std::mutex stop_mutex_;
  std::vector<std::thread> threads_;
};

HttpServer::Running::Running(const Options& options, RouteTable routes,
                             Authenticator& authenticator, Log& log, Metrics& metrics)
    : options_(options),
      log_(log),
      service_(std::move(routes), options.sse_clients_max, authenticator, log, metrics),
      registry_(options.max_threads, options.max_waiting) {
  CAIRN_ASSERT(options.max_threads > 0, "a server needs a thread");
}

Result<> HttpServer::Running::start() {
  CAIRN_ASSERT(threads_.empty(), "a server starts once");
  if (auto ok = listener_.open(options_.host, options_.port); !ok) return fail(ok.error());
  port_ = listener_.port();
  threads_.emplace_back([this] { accept_connections(); });
  for (std::size_t i = 0; i < options_.max_threads; ++i) {
    threads_.emplace_back([this] { serve_connections(); });
  }
  return {};
}

void HttpServer::Running::stop() {
  const std::scoped_lock lock(stop_mutex_);
  listener_.stop();
  registry_.stop();
  if (!registry_.wait_until_empty(kGrace)) registry_.abort();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  listener_.close();
  service_.close_streams();
}

void HttpServer::Running::accept_connections() {
  for (;;) {
    auto accepted = listener_.accept();
    if (!accepted) {
      log_.warn("http_accept_failed", {{"error", accepted.error().message}});
      continue;
    }
    if (*accepted == nullptr) return;
    const auto refused = registry_.admit(std::move(*accepted));
    if (refused != nullptr) refuse(*refused, overload_text_);
  }
}

void HttpServer::Running::serve_connections() {
  const RequestReader::Timeouts timeouts{options_.idle_timeout, options_.header_timeout,
                                         options_.transfer_timeout, options_.transfer_rate};
  while (const auto seat = registry_.take()) {
    try {
      HttpConnection(registry_, *seat, service_, clock_, timeouts).serve();
    } catch (const std::exception& e) {
      log_.error("http_connection_failed", {{"error", e.what()}});
    }
  }
}

HttpServer::HttpServer(const Options& options, std::vector<Route> routes,
                       std::vector<StreamRoute> streams, Authenticator& authenticator, Log& log,
                       Metrics& metrics)
    : running_(std::make_unique<Running>(options, RouteTable(std::move(routes), std::move(streams)),
                                         authenticator, log, metrics)) {}

HttpServer::~HttpServer() = default;

Result<> HttpServer::start() { return running_->start(); }

std::uint16_t HttpServer::port() const { return running_->port(); }

void HttpServer::stop() { running_->stop(); }

}  // namespace cairn::runtime
