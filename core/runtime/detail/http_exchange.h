#pragma once
// One request and its answer between Poco's HTTP server and the HttpService, with what the library
// leaves open: bounds on bodies and on time, framing that nobody can read in two ways, streams that
// need no thread. An HTTP thread.

#include "core/runtime/detail/connection_watch.h"
#include "core/runtime/detail/http_service.h"
#include "core/runtime/http_server.h"

#include <Poco/Net/HTTPRequestHandler.h>

#include <string>

namespace Poco::Net {
class HTTPServerRequestImpl;
}

namespace cairn::runtime {

class HttpExchange final : public Poco::Net::HTTPRequestHandler {
 public:
  /// All outlive the exchange.
  HttpExchange(HttpService& service, const HttpServer::Options& options, const Clock& clock,
               ConnectionWatch::Ticket& ticket)
      : service_(service), options_(options), clock_(clock), ticket_(ticket) {}

  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& response) override;

 private:
  HttpService::Answer answer(Poco::Net::HTTPServerRequestImpl& request,
                             const std::string& trace_id);
  Result<std::string> read_body(Poco::Net::HTTPServerRequestImpl& request, std::size_t most);
  bool become_stream(Poco::Net::HTTPServerRequestImpl& request,
                     Poco::Net::HTTPServerResponse& response, HttpService::Answer& answer);
  void send(Poco::Net::HTTPServerRequestImpl& request, Poco::Net::HTTPServerResponse& response,
            const HttpResponse& answer);
  /// Says good-bye without cutting off what the peer still reads: closing with unread input would
  /// reset the connection and lose the answer.
  void linger(Poco::Net::HTTPServerRequestImpl& request) const;
  [[nodiscard]] Duration transfer_time(std::size_t octets) const;

  HttpService& service_;
  const HttpServer::Options& options_;
  const Clock& clock_;
  ConnectionWatch::Ticket& ticket_;
  bool body_unread_ = false;
};

}  // namespace cairn::runtime
