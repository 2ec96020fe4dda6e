#pragma once
// One connection, from its first request to its last, in the thread that took it.

#include "core/base/time.h"
#include "core/runtime/detail/connection_registry.h"
#include "core/runtime/detail/http_service.h"
#include "core/runtime/detail/request_reader.h"
#include "core/runtime/detail/response_text.h"
#include "core/runtime/detail/socket_stream.h"

#include <string>
#include <string_view>

namespace cairn::runtime {

class HttpConnection {
 public:
  HttpConnection(ConnectionRegistry& registry, ConnectionRegistry::Seat& seat, HttpService& service,
                 const Clock& clock, RequestReader::Timeouts timeouts);

  void serve();

 private:
  bool next_request();
  bool serve_one();
  HttpService::Answer answer(const RequestHead& head, const std::string& trace_id);
  Result<std::string> read_body(const RequestHead& head, std::size_t most);
  bool become_stream(HttpService::Answer& answer, const std::string& trace_id);
  bool send(const HttpResponse& response, bool with_body, const ResponseContext& context);

  ConnectionRegistry& registry_;
  ConnectionRegistry::Seat& seat_;
  HttpService& service_;
  const Clock& clock_;
  const RequestReader::Timeouts timeouts_;
  const std::string remote_address_;
  SocketStream stream_;
  RequestReader reader_;
};

}  // namespace cairn::runtime
