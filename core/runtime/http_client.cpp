#include "core/runtime/http_client.h"

#include "core/base/endpoint.h"
#include "core/runtime/detail/field_syntax.h"
#include "core/runtime/detail/poco_time.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/URI.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cairn::runtime {
namespace {

using Poco::Net::HTTPClientSession;
using Poco::Net::HTTPRequest;
using PocoResponse = Poco::Net::HTTPResponse;

bool is_repeatable(const HTTPRequest& request) {
  constexpr std::array<std::string_view, 4> kIdempotent = {"GET", "HEAD", "PUT", "DELETE"};
  return request.has("Idempotency-Key") ||
         std::ranges::find(kIdempotent, request.getMethod()) != kIdempotent.end();
}

bool is_sendable(const std::string& method, const std::string& path, const HeaderFields& headers) {
  const auto sound = [](const auto& field) {
    return is_token(field.first) && is_field_value(field.second);
  };
  return is_token(method) && path.starts_with('/') && is_field_value(path) &&
         path.find(' ') == std::string::npos && std::ranges::all_of(headers, sound);
}

/// Poco gives up when it cannot send on. But who closes the connection before it has taken a whole
/// body has mostly said why, and that is still there to be read.
class Conversation final : public HTTPClientSession {
 public:
  using HTTPClientSession::HTTPClientSession;

  /// True if the server did not take all of the body.
  [[nodiscard]] bool cut() const { return cut_; }
  std::ostream& begin(HTTPRequest& request) {
    in_body_ = false;
    cut_ = false;
    std::ostream& out = sendRequest(request);
    in_body_ = true;
    return out;
  }

 private:
  int write(const char* buffer, std::streamsize length) override {
    if (cut_) return static_cast<int>(length);
    try {
      return HTTPClientSession::write(buffer, length);
    } catch (const Poco::IOException&) {
      if (!in_body_) throw;
      clearException();
      cut_ = true;
      return static_cast<int>(length);
    }
  }

  bool in_body_ = false;
  bool cut_ = false;
};

}  // namespace

class HttpClient::Session {
 public:
  Session(const std::string& host, std::uint16_t port, const Options& options)
      : options_(options), url_("http://" + Endpoint{host, port}.text()), session_(host, port) {
    session_.setKeepAlive(true);
  }

  [[nodiscard]] const Options& options() const { return options_; }

  Result<HttpResponse> send(HTTPRequest& request, std::string_view body,
                            Duration response_timeout) {
    stale_ = false;
    auto response = send_once(request, body, response_timeout);
    if (stale_ && is_repeatable(request)) response = send_once(request, body, response_timeout);
    return response;
  }

  Result<HttpResponse> follow(HTTPRequest& request,
                              const std::function<bool(std::string_view)>& line, Duration silence) {
    // A connection of its own: what is left of the stream when it is enough is not read.
    session_.reset();
    bool answering = false;
    try {
      session_.setTimeout(timespan(options_.connect_timeout), timespan(options_.response_timeout),
                          timespan(silence));
      session_.begin(request).flush();
      PocoResponse head;
      std::istream& in = session_.receiveResponse(head);
      answering = true;
      if (head.getStatus() != PocoResponse::HTTP_OK) return receive(request, head, in);
      const bool sound = hand_over(in, line);
      session_.reset();
      if (sound) return HttpResponse{head.getStatus(), head.getContentType(), "", {}};
      return fail(ErrorCode::kCorrupt, "bad_response",
                  fmt::format("a line of {} was too long", url_));
    } catch (const Poco::Exception& e) {
      session_.reset();
      if (!answering) return fail(unreachable(e));
      return fail(ErrorCode::kUnavailable, "no_response",
                  fmt::format("{} fell silent or the connection was lost", url_));
    }
  }

 private:
  /// False: a line is longer than it may be.
  static bool hand_over(std::istream& in, const std::function<bool(std::string_view)>& line) {
    constexpr std::size_t kLineMost = 1U << 20U;
    std::string text;
    for (int octet = in.get(); octet != std::char_traits<char>::eof(); octet = in.get()) {
      if (octet == '\n') {
        if (text.ends_with('\r')) text.pop_back();
        if (!line(text)) return true;
        text.clear();
      } else if (text.size() == kLineMost) {
        return false;
      } else {
        text.push_back(static_cast<char>(octet));
      }
    }
    return true;
  }

  Result<HttpResponse> send_once(HTTPRequest& request, std::string_view body,
                                 Duration response_timeout) {
    const bool kept = session_.connected();
    bool connected = kept;
    bool answering = false;
    try {
      // Poco tells a new connection of its timeouts, not one that it has.
      session_.setTimeout(timespan(options_.connect_timeout), timespan(options_.response_timeout),
                          timespan(response_timeout));
      if (kept) session_.socket().setReceiveTimeout(timespan(response_timeout));
      std::ostream& out = session_.begin(request);
      connected = true;
      out.write(body.data(), static_cast<std::streamsize>(body.size())).flush();
      PocoResponse head;
      std::istream& in = session_.receiveResponse(head);
      answering = true;
      auto response = receive(request, head, in);
      if (session_.cut()) session_.reset();
      return response;
    } catch (const Poco::Exception& e) {
      session_.reset();
      if (!connected || e.code() == ECONNREFUSED) return fail(unreachable(e));
      const bool late = dynamic_cast<const Poco::TimeoutException*>(&e) != nullptr;
      stale_ = kept && !answering && !late;
      return fail(ErrorCode::kUnavailable, "no_response",
                  fmt::format("no answer from {}: {}; the outcome is unknown", url_,
                              late ? "it took too long" : "the connection was lost"));
    }
  }

  // A chunked answer that is cut off looks complete to Poco 1.11; ours always have a length.
  Result<HttpResponse> receive(const HTTPRequest& request, const PocoResponse& head,
                               std::istream& in) {
    HttpResponse response{head.getStatus(), head.getContentType(), "", {}};
    for (const auto& [name, value] : head) response.headers.emplace(name, value);
    std::array<char, 16384> chunk{};
    do {
      in.read(chunk.data(), chunk.size());
      response.body.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    } while (in && response.body.size() <= options_.max_body);
    const bool bodyless = request.getMethod() == HTTPRequest::HTTP_HEAD || response.status == 204 ||
                          response.status == 304;
    const bool cut = !bodyless && head.hasContentLength() &&
                     head.getContentLength64() != std::ssize(response.body);
    if (response.body.size() > options_.max_body || cut) {
      session_.reset();
      return fail(ErrorCode::kCorrupt, "bad_response",
                  fmt::format("the answer of {} was {}", url_, cut ? "cut off" : "too long"));
    }
    return response;
  }

  [[nodiscard]] Error unreachable(const Poco::Exception& e) const {
    if (e.code() == ECONNREFUSED) {
      return {ErrorCode::kUnavailable, "unreachable",
              fmt::format("nothing listens at {}: is the {} running?", url_, options_.peer)};
    }
    return {ErrorCode::kUnavailable, "unreachable",
            fmt::format("cannot reach {}: {}", url_, e.displayText())};
  }

  const Options options_;
  const std::string url_;
  Conversation session_;
  bool stale_ = false;  // the server had closed the kept connection before it saw the request
};

HttpClient::HttpClient(std::unique_ptr<Session> session) : session_(std::move(session)) {}
HttpClient::HttpClient(HttpClient&& other) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&& other) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create(std::string_view base_url) {
  return create(base_url, Options{});
}

Result<HttpClient> HttpClient::create(std::string_view base_url, const Options& options) {
  const auto bad = [base_url] {
    return fail(ErrorCode::kInvalid, "bad_url",
                fmt::format("\"{}\" is not an address like http://127.0.0.1:8080", base_url));
  };
  try {
    const Poco::URI uri{std::string(base_url)};
    const bool bare = uri.getPathAndQuery().empty() || uri.getPathAndQuery() == "/";
    const bool sound = uri.getScheme() == "http" && !uri.getHost().empty() && bare;
    if (!sound || !uri.getUserInfo().empty()) return bad();
    return HttpClient(std::make_unique<Session>(uri.getHost(), uri.getPort(), options));
  } catch (const Poco::Exception&) {
    return bad();
  }
}

Result<HttpResponse> HttpClient::send(const std::string& method, const std::string& path,
                                      const HeaderFields& headers, std::string_view body,
                                      std::optional<Duration> response_timeout) {
  if (!is_sendable(method, path, headers)) {
    return fail(ErrorCode::kInvalid, "bad_request",
                "the method, the path or a header field cannot be sent");
  }
  HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : headers) request.add(name, value);
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    if (!request.has("Content-Type")) request.setContentType("application/json");
  }
  return session_->send(request, body,
                        response_timeout.value_or(session_->options().response_timeout));
}

Result<HttpResponse> HttpClient::follow(const std::string& path, const HeaderFields& headers,
                                        const std::function<bool(std::string_view)>& line,
                                        Duration silence) {
  if (!is_sendable("GET", path, headers)) {
    return fail(ErrorCode::kInvalid, "bad_request", "the path or a header field cannot be sent");
  }
  HTTPRequest request("GET", path, Poco::Net::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : headers) request.add(name, value);
  return session_->follow(request, line, silence);
}

}  // namespace cairn::runtime
