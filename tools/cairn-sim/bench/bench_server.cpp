#include "tools/cairn-sim/bench/bench_server.h"

#include "core/base/numbers.h"
#include "core/json/reader.h"
#include "tools/cairn-sim/bench/bench_gate.h"
#include "tools/cairn-sim/command_input.h"
#include "tools/cairn-sim/virtual_printer.h"

#include <fmt/format.h>

#include <atomic>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::simulator {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

namespace {

constexpr const char* kPage = "/ui/bench/";
/// That of all pages (core/runtime/static_files.h), and WebAssembly, which draws the labels.
constexpr const char* kPolicy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'";

HttpResponse go_to(const char* place) {
  HttpResponse response{302, "text/plain; charset=utf-8", "", runtime::page_security_fields()};
  response.headers.emplace("Location", place);
  return response;
}

}  // namespace

class BenchServer::Routes {
 public:
  Routes(BenchOptions options, Script& script, const Devices& devices,
         std::function<void()> on_quit)
      : options_(std::move(options)),
        script_(script),
        devices_(devices),
        on_quit_(std::move(on_quit)) {}

  std::vector<runtime::Route> table();
  [[nodiscard]] const BenchOptions& options() const { return options_; }
  /// The one that is listened on.
  void set_port(std::uint16_t port) { port_ = port; }

 private:
  using Answer = Result<HttpResponse> (Routes::*)(const HttpRequest&) const;
  [[nodiscard]] runtime::Route get(std::string pattern, Answer answer) const;

  Result<HttpResponse> start(const HttpRequest& request) const;
  Result<HttpResponse> page(const HttpRequest& request) const;
  Result<HttpResponse> icon(const HttpRequest& request) const;
  Result<HttpResponse> devices(const HttpRequest& request) const;
  Result<HttpResponse> label(const HttpRequest& request) const;
  Result<HttpResponse> command(const HttpRequest& request) const;

  const BenchOptions options_;
  Script& script_;
  const Devices& devices_;
  const std::function<void()> on_quit_;
  std::atomic<std::uint16_t> port_ = 0;
};

std::vector<runtime::Route> BenchServer::Routes::table() {
  runtime::Route command{
      "POST", "/api/v1/commands", "",
      [this](const HttpRequest& request, const Principal&) { return this->command(request); }};
  command.max_body = 2 * CommandInput::kMaxLine;
  std::vector<runtime::Route> routes{get("/", &Routes::start),
                                     get("/ui/{path...}", &Routes::page),
                                     get("/favicon.ico", &Routes::icon),
                                     get("/api/v1/devices", &Routes::devices),
                                     get("/api/v1/printers/{name}/labels/{number}", &Routes::label),
                                     std::move(command)};
  return routes;
}

runtime::Route BenchServer::Routes::get(std::string pattern, Answer answer) const {
  return {"GET", std::move(pattern), "",
          [this, answer](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
            if (auto admitted = admit(request, port_); !admitted) return fail(admitted.error());
            return (this->*answer)(request);
          }};
}

Result<HttpResponse> BenchServer::Routes::start(const HttpRequest& /*request*/) const {
  return go_to(kPage);
}

Result<HttpResponse> BenchServer::Routes::page(const HttpRequest& request) const {
  if (!options_.pages) {
    return fail(ErrorCode::kNotFound, "no_pages",
                "cairn-sim was started without the pages: build them with `cmake --build --preset "
                "release --target cairn_pages`, or say where they are with --pages; then start it "
                "again");
  }
  const std::string& path = request.parameter("path");
  if (path.empty()) return go_to(kPage);
  auto response = options_.pages->answer(path, request);
  if (!response) return response;
  constexpr const char* kPolicyField = "Content-Security-Policy";
  response->headers.erase(kPolicyField);
  response->headers.emplace(kPolicyField, kPolicy);
  return response;
}

/// The page names its own.
Result<HttpResponse> BenchServer::Routes::icon(const HttpRequest& /*request*/) const {
  return HttpResponse{204, "", "", {}};
}

Result<HttpResponse> BenchServer::Routes::devices(const HttpRequest& /*request*/) const {
  auto value = json::Value::object();
  value.set("devices", describe(devices_));
  return runtime::json_response(value);
}

Result<HttpResponse> BenchServer::Routes::label(const HttpRequest& request) const {
  const std::string& name = request.parameter("name");
  auto* const device = find_device(devices_, name);
  if (device == nullptr || device->kind() != DeviceKind::kPrinter) {
    return fail(ErrorCode::kNotFound, "unknown_device", "there is no printer of that name here");
  }
  const auto number = parse_unsigned(request.parameter("number"));
  if (!number) return fail(number.error());
  auto zpl = dynamic_cast<const PlayedPrinter*>(device)->label(*number);
  if (!zpl) return fail(zpl.error());
  return HttpResponse{200, "text/plain; charset=utf-8", *std::move(zpl), {}};
}

Result<HttpResponse> BenchServer::Routes::command(const HttpRequest& request) const {
  if (auto admitted = admit_command(request, port_); !admitted) return fail(admitted.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const std::string line = in.text("line", {1, CommandInput::kMaxLine});
  if (auto ok = in.done(); !ok) return fail(ok.error());
  if (line.find('\n') != std::string::npos) {
    return fail(ErrorCode::kInvalid, "bad_request", "/line: one command at a time");
  }
  const auto answer = script_.run(line);
  if (script_.is_finished()) on_quit_();
  if (answer) return runtime::json_response(*answer);
  return fail(ErrorCode::kInvalid, "bad_request", "/line: this is no command");
}

BenchServer::BenchServer() = default;
BenchServer::~BenchServer() = default;

Result<runtime::Principal> BenchServer::Nobody::authenticate(std::string_view /*bearer_token*/) {
  return fail(ErrorCode::kDenied, "unauthenticated", "nobody signs in here");
}

Result<std::unique_ptr<BenchServer>> BenchServer::start(BenchOptions options, Script& script,
                                                        const Devices& devices,
                                                        std::function<void()> on_quit) {
  std::unique_ptr<BenchServer> bench(new BenchServer);
  runtime::HttpServer::Options http;
  http.host = options.address.host;
  http.port = options.address.port;
  bench->routes_ =
      std::make_unique<Routes>(std::move(options), script, devices, std::move(on_quit));
  bench->server_ = std::make_unique<runtime::HttpServer>(
      http, bench->routes_->table(), std::vector<runtime::StreamRoute>{}, bench->nobody_,
      bench->log_, bench->metrics_);
  if (auto started = bench->server_->start(); !started) return fail(started.error());
  bench->routes_->set_port(bench->server_->port());
  return bench;
}

std::string BenchServer::url() const {
  return fmt::format("http://{}:{}/", routes_->options().address.host, server_->port());
}

}  // namespace cairn::simulator
