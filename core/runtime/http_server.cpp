#include "core/runtime/http_server.h"

#include "core/base/assert.h"
#include "core/runtime/detail/connection_watch.h"
#include "core/runtime/detail/http_exchange.h"
#include "core/runtime/detail/http_service.h"
#include "core/runtime/detail/poco_time.h"
#include "core/runtime/detail/route_table.h"
#include "core/runtime/system_clock.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnection.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>

namespace cairn::runtime {
namespace {

using Poco::Net::HTTPServerParams;
using Poco::Net::ServerSocket;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

constexpr Duration kGrace = std::chrono::seconds(5);
constexpr int kBacklog = 128;

/// Child processes (the barcode decoder) must not keep our connections and our port open.
void close_on_exec(const Poco::Net::Socket& socket) {
  ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
}

tl::unexpected<Error> listen_error(int number, const std::string& address,
                                   const std::string& details) {
  switch (number) {
    case EADDRINUSE:
      return fail(ErrorCode::kUnavailable, "address_in_use",
                  fmt::format("cannot listen at {}: another program uses this address", address));
    case EACCES:
      return fail(ErrorCode::kDenied, "port_not_allowed",
                  fmt::format("cannot listen at {}: ports below 1024 need a privilege", address));
    case EADDRNOTAVAIL:
      return fail(ErrorCode::kInvalid, "bad_address",
                  fmt::format("cannot listen at {}: this machine has no such address", address));
    default:
      return fail(ErrorCode::kInternal, "listen_failed",
                  fmt::format("cannot listen at {}: {}", address, details));
  }
}

Result<SocketAddress> address_of(const std::string& host, std::uint16_t port) {
  try {
    return SocketAddress(host, port);
  } catch (const Poco::Exception&) {
    return fail(ErrorCode::kInvalid, "bad_address",
                fmt::format("cannot listen at {}: this is no address of a machine", host));
  }
}

Result<ServerSocket> listen_at(const std::string& host, std::uint16_t port) {
  const auto address = address_of(host, port);
  if (!address) return fail(address.error());
  try {
    ServerSocket socket;
    // Without reusePort = false, which is not the default, two programs could share one port.
    if (address->family() == SocketAddress::IPv6) {
      socket.bind6(*address, true, false, false);
    } else {
      socket.bind(*address, true, false);
    }
    socket.listen(kBacklog);
    close_on_exec(socket);
    return socket;
  } catch (const Poco::Exception& e) {
    return listen_error(e.code(), address->toString(), e.displayText());
  }
}

/// What every connection needs; outlives all of them.
struct Shared {
  const HttpServer::Options& options;
  const Clock& clock;
  HttpService& service;
  ConnectionWatch& watch;
};

class Exchanges final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Exchanges(const Shared& shared, ConnectionWatch::Ticket& ticket)
      : shared_(shared), ticket_(ticket) {}

  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest&) override {
    return new HttpExchange(shared_.service, shared_.options, shared_.clock, ticket_);  // Poco's
  }

 private:
  const Shared& shared_;
  ConnectionWatch::Ticket& ticket_;
};

/// The ticket comes first and goes last.
struct Watched {
  Watched(const Shared& shared, const StreamSocket& socket)
      : ticket(shared.watch, UniqueFd(::fcntl(socket.impl()->sockfd(), F_DUPFD_CLOEXEC, 0))) {
    ticket.idle(shared.options.idle_timeout + shared.options.header_timeout);
  }
  ConnectionWatch::Ticket ticket;
};

class Connection final : private Watched, public Poco::Net::HTTPServerConnection {
 public:
  Connection(const Shared& shared, const StreamSocket& socket, const HTTPServerParams::Ptr& params)
      : Watched(shared, socket),
        HTTPServerConnection(socket, params, new Exchanges(shared, ticket)) {}
};

class Connections final : public Poco::Net::TCPServerConnectionFactory {
 public:
  Connections(const Shared& shared, HTTPServerParams::Ptr params)
      : shared_(shared), params_(std::move(params)) {}

  Poco::Net::TCPServerConnection* createConnection(const StreamSocket& accepted) override {
    StreamSocket socket(accepted);
    close_on_exec(socket);
    socket.setNoDelay(true);
    return new Connection(shared_, socket, params_);  // Poco's
  }

 private:
  const Shared& shared_;
  HTTPServerParams::Ptr params_;
};

HTTPServerParams::Ptr params_of(const HttpServer::Options& options) {
  HTTPServerParams::Ptr params(new HTTPServerParams);
  params->setMaxThreads(static_cast<int>(options.max_threads));
  params->setMaxQueued(static_cast<int>(options.max_waiting));
  params->setTimeout(timespan(options.transfer_timeout));
  params->setKeepAliveTimeout(timespan(options.idle_timeout));
  params->setMaxKeepAliveRequests(0);  // no limit
  return params;
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
  const Options options_;
  const SystemClock clock_;
  HttpService service_;
  ConnectionWatch watch_;
  const Shared shared_;
  std::uint16_t port_ = 0;
  std::mutex stop_mutex_;
  std::optional<Poco::ThreadPool> threads_;
  std::optional<Poco::Net::TCPServer> server_;
};

HttpServer::Running::Running(const Options& options, RouteTable routes,
                             Authenticator& authenticator, Log& log, Metrics& metrics)
    : options_(options),
      service_(std::move(routes), options.sse_clients_max, authenticator, log, metrics),
      watch_(clock_),
      shared_{options_, clock_, service_, watch_} {
  CAIRN_ASSERT(options.max_threads > 0, "a server needs a thread");
}

Result<> HttpServer::Running::start() {
  CAIRN_ASSERT(!server_, "a server starts once");
  auto socket = listen_at(options_.host, options_.port);
  if (!socket) return fail(socket.error());
  port_ = socket->address().port();
  const auto params = params_of(options_);
  threads_.emplace(1, static_cast<int>(options_.max_threads));
  server_.emplace(new Connections(shared_, params), *threads_, *socket, params);
  server_->start();
  return {};
}

void HttpServer::Running::stop() {
  const std::scoped_lock lock(stop_mutex_);
  if (!server_) return;
  server_->stop();
  watch_.stop();
  const MonoTime patience = clock_.mono_now() + kGrace;
  while (server_->currentConnections() > 0 && clock_.mono_now() < patience) {
    Poco::Thread::sleep(5);
  }
  watch_.abort();
  threads_->joinAll();
  server_.reset();
  service_.close_streams();
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
