#include "core/runtime/detail/http_exchange.h"

#include "core/runtime/detail/http_question.h"
#include "core/runtime/problem.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/StreamSocket.h>
#include <fcntl.h>

#include <array>
#include <sstream>
#include <utility>

namespace cairn::runtime {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerRequestImpl;
using Poco::Net::HTTPServerResponse;

constexpr Duration kLinger = std::chrono::seconds(1);
constexpr std::size_t kLingerOctets = 4U << 20U;

/// RFC 9110 §15: these end with their head.
bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

std::size_t announced(const HTTPServerRequest& request) {
  return request.hasContentLength() ? static_cast<std::size_t>(request.getContentLength64()) : 0;
}

/// The fields that every answer of ours carries; Poco has set the date.
void set_common_fields(HTTPServerResponse& response, const std::string& trace_id) {
  response.setVersion(Poco::Net::HTTPMessage::HTTP_1_1);  // whatever the request claimed
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Trace-Id", trace_id);
  response.set("Cache-Control", "no-store");
}

}  // namespace

void HttpExchange::handleRequest(HTTPServerRequest& any_request, HTTPServerResponse& response) {
  auto& request = static_cast<HTTPServerRequestImpl&>(any_request);
  const MonoTime started = clock_.mono_now();
  const std::string trace_id = service_.new_trace_id();
  set_common_fields(response, trace_id);
  ticket_.work();
  body_unread_ = announced(request) > 0 || request.getChunkedTransferEncoding();
  auto answer = this->answer(request, trace_id);
  const bool streams = answer.stream != nullptr && become_stream(request, response, answer);
  if (!streams) send(request, response, answer.response);
  service_.record(answer, clock_.mono_now() - started, trace_id);
}

HttpService::Answer HttpExchange::answer(HTTPServerRequestImpl& request,
                                         const std::string& trace_id) {
  const auto question = read_question(request, trace_id);
  if (!question) return HttpService::refuse(question.error(), trace_id);
  return service_.answer(*question,
                         [this, &request](std::size_t most) { return read_body(request, most); });
}

Result<std::string> HttpExchange::read_body(HTTPServerRequestImpl& request, std::size_t most) {
  const std::size_t length = announced(request);
  if (length > most) {
    return fail(ErrorCode::kInvalid, "body_too_large",
                "the body is longer than is allowed at this address");
  }
  std::string body(length, '\0');
  const Duration allowed = transfer_time(length);
  const MonoTime begun = clock_.mono_now();
  ticket_.transfer(allowed);
  request.stream().read(body.data(), static_cast<std::streamsize>(length));
  ticket_.work();
  body_unread_ = false;
  if (static_cast<std::size_t>(request.stream().gcount()) == length) return body;
  request.response().setKeepAlive(false);
  if (clock_.mono_now() - begun >= allowed) {
    return fail(ErrorCode::kInvalid, "request_timeout", "the body took too long to arrive");
  }
  return fail(ErrorCode::kInvalid, "incomplete_body", "the body ended before its announced length");
}

/// Gives the connection to the answer's hub. False: there is no place, and the answer says so.
bool HttpExchange::become_stream(HTTPServerRequestImpl& request, HTTPServerResponse& response,
                                 HttpService::Answer& answer) {
  UniqueFd copy(::fcntl(request.socket().impl()->sockfd(), F_DUPFD_CLOEXEC, 0));
  Result<> opened = fail(ErrorCode::kUnavailable, "too_many_files", "no stream can be opened now");
  if (copy.valid()) {
    response.setContentType("text/event-stream");
    response.setKeepAlive(false);
    response.set("X-Accel-Buffering", "no");  // asks proxies (nginx) to pass every event on at once
    std::ostringstream head;
    response.write(head);
    opened = service_.open_stream(*answer.stream,
                                  {std::move(copy), std::move(head).str(), answer.last_event_id});
  }
  if (!opened) {
    answer.response = problem(opened.error(), response.get("X-Trace-Id"));
    return false;
  }
  request.detachSocket();  // the hub's copy lives on
  return true;
}

void HttpExchange::send(HTTPServerRequestImpl& request, HTTPServerResponse& response,
                        const HttpResponse& answer) {
  const bool bodyless = has_no_body(answer.status);
  response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
  for (const auto& [name, value] : answer.headers) response.erase(name);
  for (const auto& [name, value] : answer.headers) response.add(name, value);
  if (!bodyless) {
    response.setContentType(answer.content_type);
    response.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
  }
  if (body_unread_) response.setKeepAlive(false);
  ticket_.transfer(transfer_time(answer.body.size()));
  std::ostream& out = response.send();
  if (!bodyless && request.getMethod() != "HEAD") {
    out.write(answer.body.data(), static_cast<std::streamsize>(answer.body.size()));
  }
  if (!out.flush()) response.setKeepAlive(false);
  if (body_unread_) linger(request);
  ticket_.idle(options_.idle_timeout + options_.header_timeout);
}

void HttpExchange::linger(HTTPServerRequestImpl& request) const {
  try {
    ticket_.transfer(kLinger);
    Poco::Net::StreamSocket& socket = request.socket();
    socket.shutdownSend();
    std::array<char, 16'384> dropped{};
    for (std::size_t sum = 0; sum < kLingerOctets;) {
      const int got = socket.receiveBytes(dropped.data(), static_cast<int>(dropped.size()));
      if (got <= 0) return;
      sum += static_cast<std::size_t>(got);
    }
  } catch (const Poco::Exception&) {
    return;  // it has gone
  }
}

Duration HttpExchange::transfer_time(std::size_t octets) const {
  return options_.transfer_timeout +
         std::chrono::seconds(static_cast<std::int64_t>(octets / options_.transfer_rate));
}

}  // namespace cairn::runtime
