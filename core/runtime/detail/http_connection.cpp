#include "core/runtime/detail/http_connection.h"

#include "core/runtime/problem.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace cairn::runtime {
namespace {

using std::chrono::seconds;

// Browsers open connections before they have a request; a new one is not taken from them at once.
constexpr Duration kFirstRequest = seconds(1);
constexpr Duration kLinger = seconds(1);
constexpr std::size_t kOneWrite = 64U << 10U;

std::string remote_address(const Poco::Net::StreamSocket& socket) {
  try {
    const std::string text = socket.impl()->peerAddress().host().toString();
    constexpr std::string_view kMapped = "::ffff:";  // IPv4 at a socket that listens to both
    return text.starts_with(kMapped) ? text.substr(kMapped.size()) : text;
  } catch (const Poco::Exception&) {
    return "gone";  // it has closed already
  }
}

}  // namespace

HttpConnection::HttpConnection(ConnectionRegistry& registry, ConnectionRegistry::Seat& seat,
                               HttpService& service, const Clock& clock,
                               RequestReader::Timeouts timeouts)
    : registry_(registry),
      seat_(seat),
      service_(service),
      clock_(clock),
      timeouts_(timeouts),
      remote_address_(remote_address(seat.socket())),
      stream_(seat.socket(), clock),
      reader_(stream_, clock, timeouts) {}

void HttpConnection::serve() {
  const auto first = reader_.wait(std::min(kFirstRequest, timeouts_.idle));
  if (!first && first.error().reason != "timeout") return;
  bool begun = first.has_value();
  while (begun || next_request()) {
    if (!serve_one()) return;
    begun = false;
  }
}

bool HttpConnection::next_request() {
  if (!seat_.rest()) return false;
  const bool begun = reader_.wait(timeouts_.idle).has_value();
  seat_.work();
  return begun;
}

/// False: the connection ends here, or is a stream now.
bool HttpConnection::serve_one() {
  const MonoTime started = clock_.mono_now();
  const std::string trace_id = service_.new_trace_id();
  const auto head = reader_.head();
  if (!head && head.error().code == ErrorCode::kUnavailable) return false;  // nobody to answer
  auto answer = head ? this->answer(*head, trace_id) : HttpService::refuse(head.error(), trace_id);
  const bool with_body = !head || head->method != "HEAD";
  bool keep_alive = false;
  if (answer.stream == nullptr || !become_stream(answer, trace_id)) {
    keep_alive = head && head->keep_alive && reader_.at_boundary() && !registry_.crowded();
    keep_alive = send(answer.response, with_body, {trace_id, keep_alive}) && keep_alive;
    if (!keep_alive && !reader_.at_boundary()) stream_.linger(clock_.mono_now() + kLinger);
  }
  service_.record(answer, clock_.mono_now() - started, trace_id);
  return keep_alive;
}

HttpService::Answer HttpConnection::answer(const RequestHead& head, const std::string& trace_id) {
  return service_.answer({head, remote_address_, trace_id},
                         [this, &head](std::size_t most) { return read_body(head, most); });
}

Result<std::string> HttpConnection::read_body(const RequestHead& head, std::size_t most) {
  if (head.expects_continue && head.has_body() && head.content_length <= most) {
    const auto sent = stream_.send("HTTP/1.1 100 Continue\r\n\r\n", reader_.transfer_deadline(0));
    if (!sent) return fail(sent.error());
  }
  return reader_.body(head, most);
}

/// Gives the socket to the answer's hub. False: there is no place, and the answer says so instead.
bool HttpConnection::become_stream(HttpService::Answer& answer, const std::string& trace_id) {
  UniqueFd copy(::fcntl(seat_.socket().impl()->sockfd(), F_DUPFD_CLOEXEC, 0));
  Result<> opened = fail(ErrorCode::kUnavailable, "too_many_files", "no stream can be opened now");
  if (copy.valid()) {
    opened = service_.open_stream(
        *answer.stream, {std::move(copy), stream_head_text(trace_id), answer.last_event_id});
  }
  if (!opened) answer.response = problem(opened.error(), trace_id);
  return opened.has_value();
}

bool HttpConnection::send(const HttpResponse& response, bool with_body,
                          const ResponseContext& context) {
  const std::string_view body = with_body ? std::string_view(response.body) : std::string_view{};
  const MonoTime deadline = reader_.transfer_deadline(body.size());
  std::string first = head_text(response, context);
  first += body.substr(0, kOneWrite);  // small answers travel as one packet
  return stream_.send(first, deadline) &&
         stream_.send(body.substr(std::min(body.size(), kOneWrite)), deadline);
}

}  // namespace cairn::runtime
