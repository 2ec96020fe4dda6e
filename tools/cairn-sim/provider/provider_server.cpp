#include "tools/cairn-sim/provider/provider_server.h"

#include "core/json/reader.h"

#include <utility>
#include <vector>

namespace cairn::simulator {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

namespace {

constexpr int kFaultsMost = 1'000;

runtime::Route route(const char* method, const char* pattern,
                     std::function<Result<HttpResponse>(const HttpRequest&)> answer) {
  return {method, pattern, "",
          [answer = std::move(answer)](const HttpRequest& request, const Principal&) {
            return answer(request);
          }};
}

}  // namespace

Result<std::unique_ptr<ProviderServer>> ProviderServer::start(const Endpoint& listen,
                                                              std::string secret,
                                                              PlayedProvider& provider, Hold hold) {
  // The constructor is private: make_unique cannot reach it.
  std::unique_ptr<ProviderServer> server(
      new ProviderServer(listen.host, std::move(secret), provider, std::move(hold)));
  runtime::HttpServer::Options options;
  options.host = listen.host;
  options.port = listen.port;
  server->server_ = std::make_unique<runtime::HttpServer>(
      options, server->routes(), std::vector<runtime::StreamRoute>{}, server->nobody_, server->log_,
      server->metrics_);
  if (auto ok = server->server_->start(); !ok) return fail(ok.error());
  return server;
}

ProviderServer::ProviderServer(std::string host, std::string secret, PlayedProvider& provider,
                               Hold hold)
    : host_(std::move(host)),
      secret_(std::move(secret)),
      provider_(&provider),
      hold_(std::move(hold)) {}

ProviderServer::~ProviderServer() = default;

std::string ProviderServer::url() const {
  return "http://" + Endpoint{host_, server_->port()}.text();
}

std::vector<runtime::Route> ProviderServer::routes() const {
  return {
      route("POST", "/v1/{kind}", [this](const HttpRequest& request) { return put(request); }),
      route("POST", "/faults", [this](const HttpRequest& request) { return fail_next(request); }),
      route("GET", "/sums",
            [this](const HttpRequest&) -> Result<HttpResponse> {
              return runtime::json_response(provider_->sums());
            }),
      route("GET", "/settlement",
            [this](const HttpRequest& request) -> Result<HttpResponse> {
              const std::string wrong = request.query_value("wrong").value_or("");
              return HttpResponse{200, "text/csv; charset=utf-8", provider_->settlement(wrong), {}};
            }),
  };
}

Result<HttpResponse> ProviderServer::put(const HttpRequest& request) const {
  if (!secret_.empty() && request.header("Authorization").value_or("") != "Bearer " + secret_) {
    return HttpResponse{401, "application/json", R"({"detail":"wrong secret"})", {}};
  }
  const ProviderReply reply = provider_->put(
      request.parameter("kind"), request.header("Idempotency-Key").value_or(""), request.body);
  if (reply.lost) {
    hold_();
    return HttpResponse{504, "application/json", R"({"detail":"lost"})", {}};
  }
  return HttpResponse{reply.status, "application/json", reply.body, {}};
}

Result<HttpResponse> ProviderServer::fail_next(const HttpRequest& request) const {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto fault = parse_provider_fault(in.text("fault", {1, 32}));
  if (!fault) in.problem("fault", fault.error().message);
  const auto times = static_cast<int>(in.integer("times", 1, kFaultsMost));
  if (auto ok = in.done(); !ok) return fail(ok.error());
  provider_->fail_next(*fault, times);
  return runtime::json_response(json::Value::object().set("ok", true));
}

Result<Principal> ProviderServer::Nobody::authenticate(std::string_view) {
  return fail(ErrorCode::kDenied, "unauthenticated", "nobody signs in here");
}

}  // namespace cairn::simulator
