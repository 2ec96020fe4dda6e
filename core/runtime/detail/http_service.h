#pragma once
// From a request to its response: route, user, permission, body, handler, problem.
// Knows nothing of sockets. All HTTP threads at once.

#include "core/base/log.h"
#include "core/base/metrics.h"
#include "core/runtime/auth.h"
#include "core/runtime/detail/route_table.h"
#include "core/runtime/http_message.h"
#include "core/runtime/sse_hub.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cairn::runtime {

class HttpService {
 public:
  /// Reads the body, at most so many octets.
  using ReadBody = std::function<Result<std::string>(std::size_t most)>;

  struct Question {
    std::string method;
    std::string path;   ///< Still escaped.
    std::string query;  ///< Still escaped, without the '?'.
    HeaderFields headers;
    std::string remote_address;
    std::string trace_id;
  };
  struct Answer {
    HttpResponse response;
    std::string_view method = "other";  ///< For metrics: what a peer makes up is not a label.
    std::string_view route = "none";    ///< The pattern.
    SseHub* stream = nullptr;           ///< Set: the connection becomes this stream.
    std::optional<std::string> last_event_id;
  };

  HttpService(RouteTable routes, std::size_t streams_max, Authenticator& authenticator, Log& log,
              Metrics& metrics);

  [[nodiscard]] Answer answer(const Question& question, const ReadBody& read_body) const;
  /// The answer to what is not even a request.
  [[nodiscard]] static Answer refuse(const Error& error, std::string_view trace_id);

  /// Hands a client to its hub. Errors: kUnavailable "too_many_streams".
  [[nodiscard]] Result<> open_stream(SseHub& hub, SseHub::Client client);
  /// Ends all streams; nobody may open one at the same time.
  void close_streams();

  /// Log line and metrics of one exchange.
  void record(const Answer& answer, Duration took, std::string_view trace_id) const;
  std::string new_trace_id();

 private:
  Result<HttpResponse> attempt(const Question& question, const ReadBody& read_body,
                               Answer& answer) const;
  Result<HttpResponse> respond(const Question& question, const ReadBody& read_body,
                               Answer& answer) const;
  [[nodiscard]] Result<Principal> authorise(const Route& route, const Question& question) const;
  void log_failure(const Error& error, std::string_view route, const std::string& trace_id) const;

  const RouteTable routes_;
  const std::set<SseHub*> hubs_;
  const std::size_t streams_max_;
  Authenticator& authenticator_;
  Log& log_;
  Metrics& metrics_;
  const std::string trace_prefix_;
  std::atomic<std::uint64_t> traces_ = 0;
  std::mutex streams_mutex_;  // so that two newcomers do not both take the last place
};

}  // namespace cairn::runtime
