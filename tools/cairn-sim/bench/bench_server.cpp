#include "tools/cairn-sim/bench/bench_server.h"

#include "core/base/numbers.h"
#include "core/json/reader.h"
#include "tools/cairn-sim/bench/bench_gate.h"
#include "tools/cairn-sim/command_input.h"
#include "tools/cairn-sim/virtual_printer.h"

#include "bench_files.h"

#include <fmt/format.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::simulator {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

namespace {

/// Nothing from elsewhere; the renderer is WebAssembly.
constexpr const char* kPolicy =
    "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

HttpResponse page_part(std::string type, std::string body) {
  HttpResponse response{200, std::move(type), std::move(body), {}};
  response.headers.emplace("Content-Security-Policy", kPolicy);
  response.headers.emplace("Referrer-Policy", "no-referrer");
  return response;
}

constexpr std::string_view kPage = "index.html";
constexpr const char* kJavaScript = "text/javascript; charset=utf-8";

std::string type_of(std::string_view file) {
  if (file.ends_with(".html")) return "text/html; charset=utf-8";
  if (file.ends_with(".css")) return "text/css; charset=utf-8";
  return kJavaScript;
}

/// All of a file; nothing if it cannot be read.
Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (file.good() || file.eof()) {
    if (!text.empty()) return text;
  }
  return fail(ErrorCode::kNotFound, "no_renderer",
              fmt::format("{} cannot be read: labels are shown as ZPL", path));
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
  /// The page's own files.
  [[nodiscard]] runtime::Route embedded(const EmbeddedFile& file) const;

  Result<HttpResponse> devices(const HttpRequest& request) const;
  Result<HttpResponse> label(const HttpRequest& request) const;
  Result<HttpResponse> renderer(const HttpRequest& request) const;
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
  std::vector<runtime::Route> routes{
      get("/vendor/zpl-renderer.js", &Routes::renderer), get("/api/v1/devices", &Routes::devices),
      get("/api/v1/printers/{name}/labels/{number}", &Routes::label), std::move(command)};
  for (const EmbeddedFile& file : bench_files()) routes.push_back(embedded(file));
  return routes;
}

runtime::Route BenchServer::Routes::get(std::string pattern, Answer answer) const {
  return {"GET", std::move(pattern), "",
          [this, answer](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
            if (auto admitted = admit(request, port_); !admitted) return fail(admitted.error());
            return (this->*answer)(request);
          }};
}

runtime::Route BenchServer::Routes::embedded(const EmbeddedFile& file) const {
  const std::string path =
      file.name == kPage ? std::string("/") : fmt::format("/{}", std::string_view(file.name));
  return {"GET", path, "",
          [this, &file](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
            if (auto admitted = admit(request, port_); !admitted) return fail(admitted.error());
            return page_part(type_of(file.name), std::string(file.text));
          }};
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
  auto zpl = static_cast<const VirtualPrinter*>(device)->label(*number);
  if (!zpl) return fail(zpl.error());
  return HttpResponse{200, "text/plain; charset=utf-8", *std::move(zpl), {}};
}

Result<HttpResponse> BenchServer::Routes::renderer(const HttpRequest& /*request*/) const {
  if (options_.renderer.empty()) {
    return fail(ErrorCode::kNotFound, "no_renderer",
                "started without --renderer: labels are shown as ZPL");
  }
  auto text = read_file(options_.renderer);
  if (!text) return fail(text.error());
  HttpResponse response = page_part(kJavaScript, *std::move(text));
  // Nine megabytes, the same for as long as this program runs.
  response.headers.emplace("Cache-Control", "private, max-age=3600");
  return response;
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
