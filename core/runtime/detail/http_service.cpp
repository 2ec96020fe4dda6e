#include "core/runtime/detail/http_service.h"

#include "core/runtime/detail/credentials.h"
#include "core/runtime/detail/field_syntax.h"
#include "core/runtime/detail/percent.h"
#include "core/runtime/problem.h"
#include "core/runtime/system_random.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::runtime {
namespace {

std::string new_trace_prefix() {
  SystemRandom random;
  return fmt::format("{:08x}", static_cast<std::uint32_t>(random.next()));
}

bool changes_nothing(std::string_view method) { return method == "GET" || method == "HEAD"; }

Result<HttpRequest> to_request(const HttpService::Question& question) {
  auto query = split_query(question.query);
  if (!query) return fail(query.error());
  HttpRequest request;
  request.method = question.method;
  request.path = question.path;
  request.query = std::move(*query);
  request.headers = question.headers;
  request.remote_address = question.remote_address;
  request.trace_id = question.trace_id;
  return request;
}

constexpr std::array<std::string_view, 5> kFraming = {
    "Connection", "Content-Length", "Content-Type", "Keep-Alive", "Transfer-Encoding"};

bool is_framing(std::string_view name) {
  const IgnoreCase less;
  return std::ranges::any_of(kFraming, [&less, name](std::string_view framing) {
    return !less(name, framing) && !less(framing, name);
  });
}

/// False if a header field could end early, is malformed or is about framing: a bug of the handler,
/// which must not become a hole.
bool is_sendable(const HttpResponse& response) {
  const auto sound = [](const auto& field) {
    return is_token(field.first) && is_field_value(field.second) && !is_framing(field.first);
  };
  return response.status >= 200 && response.status <= 599 &&
         is_field_value(response.content_type) && std::ranges::all_of(response.headers, sound);
}

std::optional<std::string> last_event_id(const HttpRequest& request) {
  auto id = request.header("Last-Event-ID");
  return id ? id : request.query_value("last_event_id");
}

}  // namespace

HttpService::HttpService(RouteTable routes, std::size_t streams_max, Authenticator& authenticator,
                         Log& log, Metrics& metrics)
    : routes_(std::move(routes)),
      hubs_(routes_.hubs()),
      streams_max_(streams_max),
      authenticator_(authenticator),
      log_(log),
      metrics_(metrics),
      trace_prefix_(new_trace_prefix()) {}

std::string HttpService::new_trace_id() { return fmt::format("{}-{}", trace_prefix_, ++traces_); }

HttpService::Answer HttpService::refuse(const Error& error, std::string_view trace_id) {
  Answer answer;
  answer.response = problem(error, trace_id);
  return answer;
}

HttpService::Answer HttpService::answer(const Question& question, const ReadBody& read_body) const {
  Answer answer;
  auto response = attempt(question, read_body, answer);
  if (response && !is_sendable(*response)) {
    log_.error("http_response_malformed",
               {{"route", std::string(answer.route)}, {"trace_id", question.trace_id}});
    response = fail(ErrorCode::kInternal, "internal", "the answer could not be sent");
  }
  if (response) {
    answer.response = std::move(*response);
    return answer;
  }
  const Error& error = response.error();
  const HeaderFields more = std::move(answer.response.headers);
  answer.response = problem(error, question.trace_id);
  answer.response.headers.insert(more.begin(), more.end());
  return answer;
}

/// What throws is a bug of one request, not of the server.
Result<HttpResponse> HttpService::attempt(const Question& question, const ReadBody& read_body,
                                          Answer& answer) const {
  try {
    return respond(question, read_body, answer);
  } catch (const std::exception& e) {
    log_.error("http_handler_threw", {{"route", std::string(answer.route)},
                                      {"error", e.what()},
                                      {"trace_id", question.trace_id}});
    return fail(ErrorCode::kInternal, "internal",
                "something broke here; the log says more under the trace id");
  }
}

/// What does not concern the handler is decided before the body is read: nobody uploads megabytes
/// only to hear that the path is wrong.
Result<HttpResponse> HttpService::respond(const Question& question, const ReadBody& read_body,
                                          Answer& answer) const {
  const auto segments = split_path(question.path);
  if (!segments) return fail(segments.error());
  auto found = routes_.find(question.method, *segments);
  if (found.entry == nullptr && found.allow.empty()) {
    return fail(ErrorCode::kNotFound, "no_such_path", "there is nothing at this address");
  }
  if (found.entry == nullptr) {
    answer.response.headers.emplace("Allow", found.allow);
    return fail(ErrorCode::kInvalid, "method_not_allowed",
                fmt::format("this address knows only {}", found.allow));
  }
  const Route& route = found.entry->route;
  answer.route = route.pattern;
  answer.method = question.method == "HEAD" ? "HEAD" : std::string_view(route.method);
  auto request = to_request(question);
  if (!request) return fail(request.error());
  request->parameters = std::move(found.parameters);
  request->route = route.pattern;
  request->permission = route.permission;
  const auto principal = authorise(route, question);
  if (!principal) return fail(principal.error());
  if (found.entry->hub != nullptr) {
    if (question.method == "GET") answer.stream = found.entry->hub;
    answer.last_event_id = last_event_id(*request);
    return HttpResponse{200, "text/event-stream", "", {}};
  }
  auto body = read_body(route.max_body);
  if (!body) return fail(body.error());
  request->body = std::move(*body);
  auto response = route.handler(*request, *principal);
  if (!response) log_failure(response.error(), answer.route, question.trace_id);
  return response;
}

/// The sender can do nothing about these two: a person has to look.
void HttpService::log_failure(const Error& error, std::string_view route,
                              const std::string& trace_id) const {
  if (error.code != ErrorCode::kInternal && error.code != ErrorCode::kCorrupt) return;
  log_.error("http_request_failed", {{"route", std::string(route)},
                                     {"reason", error.reason},
                                     {"error", error.message},
                                     {"trace_id", trace_id}});
}

Result<Principal> HttpService::authorise(const Route& route, const Question& question) const {
  if (route.permission.empty()) return Principal{};
  const auto credentials = find_credentials(question.headers);
  if (!credentials) return fail(ErrorCode::kDenied, "unauthenticated", "sign in first");
  if (credentials->from_cookie && !changes_nothing(question.method)) {
    // Another site can make a browser send the cookie, but not this field without asking us first.
    const auto intent = question.headers.find("X-Cairn-CSRF");
    if (intent == question.headers.end() || intent->second != "1") {
      return fail(ErrorCode::kDenied, "csrf",
                  "a request with the session cookie needs the header field X-Cairn-CSRF: 1");
    }
  }
  auto principal = authenticator_.authenticate(credentials->token);
  if (!principal) return fail(principal.error());
  if (route.permission != "any" && !principal->may(route.permission)) {
    return fail(ErrorCode::kDenied, "forbidden",
                fmt::format("this needs the permission {}", route.permission));
  }
  return principal;
}

Result<> HttpService::open_stream(SseHub& hub, SseHub::Client client) {
  const std::scoped_lock lock(streams_mutex_);
  std::size_t open = 0;
  for (const SseHub* other : hubs_) open += other->clients();
  if (open >= streams_max_) {
    return fail(ErrorCode::kUnavailable, "too_many_streams",
                "too many screens are connected; close one or try again in a moment");
  }
  hub.attach(std::move(client));
  return {};
}

void HttpService::close_streams() {
  for (SseHub* hub : hubs_) hub->disconnect_all();
}

void HttpService::record(const Answer& answer, Duration took, std::string_view trace_id) const {
  const double took_ms = static_cast<double>(took.count()) / 1000;
  const std::string route = fmt::format("route=\"{}\"", answer.route);
  metrics_.count(
      "http_requests_total", 1,
      fmt::format("method=\"{}\",{},status=\"{}\"", answer.method, route, answer.response.status));
  metrics_.observe_ms("http_request_ms", took_ms, route);
  log_.debug("http_request", {{"method", std::string(answer.method)},
                              {"route", std::string(answer.route)},
                              {"status", fmt::format("{}", answer.response.status)},
                              {"ms", fmt::format("{:.1f}", took_ms)},
                              {"trace_id", std::string(trace_id)}});
}

}  // namespace cairn::runtime
