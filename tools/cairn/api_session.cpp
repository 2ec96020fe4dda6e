#include "tools/cairn/api_session.h"

#include "core/base/bytes.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

namespace cairn::tool {
namespace {

constexpr std::size_t kTextMost = 1U << 20U;

Result<std::string> read_pin(const Login& login) {
  std::string pin;
  if (login.pin_file.empty()) {
    const char* const variable =
        std::getenv("CAIRN_PIN");  // NOLINT(concurrency-mt-unsafe): one thread
    if (variable != nullptr) pin = variable;
  } else {
    std::ifstream file(login.pin_file);
    std::getline(file, pin);
  }
  if (!pin.empty()) return pin;
  return fail(ErrorCode::kInvalid, "no_pin",
              login.pin_file.empty()
                  ? "no PIN: set CAIRN_PIN, or give a file with --pin-file"
                  : fmt::format("no PIN in {}: the file is missing or empty", login.pin_file));
}

/// What the other side says went wrong.
Error problem_of(const runtime::HttpResponse& response) {
  Error error{ErrorCode::kRejected, "http", fmt::format("the server answered {}", response.status)};
  const auto body = json::parse(response.body);
  if (!body) return error;
  json::Reader in(*body);
  error.message = in.optional_text("detail", {0, kTextMost}).value_or(error.message);
  const auto type = in.optional_text("type", {0, kTextMost}).value_or("");
  error.reason = type.substr(type.rfind('/') + 1);
  return error;
}

}  // namespace

std::string escaped(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out += '%' + to_hex(BytesView(&c, 1));
    }
  }
  return out;
}

Result<ApiSession> ApiSession::open(const Login& login) {
  if (login.user.empty()) {
    return fail(ErrorCode::kInvalid, "no_user", "no name to sign in with: give one with --user");
  }
  const auto pin = read_pin(login);
  if (!pin) return fail(pin.error());
  auto client = runtime::HttpClient::create(login.url);
  if (!client) return fail(client.error());
  ApiSession session(*std::move(client));
  const auto version = session.get("/version");
  if (!version) return fail(version.error());
  session.program_ = json::Reader(*version).text("program", {1, 64});
  auto body = json::Value::object();
  body.set("name", login.user).set("pin", *pin);
  // An agent's person works somewhere; the tool must not sign a picker out of a station.
  if (session.program_ == "cairn-agent") body.set("station", "operator-tool");
  const auto answer = session.post("/api/v1/sessions", body);
  if (!answer) return fail(answer.error());
  session.token_ = json::Reader(*answer).text("token", {1, 256});
  return session;
}

ApiSession::~ApiSession() {
  if (token_) static_cast<void>(send("DELETE", "/api/v1/sessions/current", "", ""));
}

Result<json::Value> ApiSession::get(const std::string& path) { return send("GET", path, "", ""); }

Result<json::Value> ApiSession::post(const std::string& path, const json::Value& body) {
  return send("POST", path, "application/json", body.dump());
}

Result<json::Value> ApiSession::put(const std::string& path, const json::Value& body) {
  return send("PUT", path, "application/json", body.dump());
}

Result<json::Value> ApiSession::post_csv(const std::string& path, std::string_view csv) {
  return send("POST", path, "text/csv", csv);
}

Result<json::Value> ApiSession::send(const std::string& method, const std::string& path,
                                     const std::string& content_type, std::string_view body) {
  runtime::HeaderFields headers;
  if (token_) headers.emplace("Authorization", "Bearer " + *token_);
  if (!content_type.empty()) headers.emplace("Content-Type", content_type);
  const auto response = client_.send(method, path, headers, body);
  if (!response) return fail(response.error());
  if (response->status >= 300) return fail(problem_of(*response));
  if (response->body.empty()) return json::Value::object();
  return json::parse(response->body);
}

}  // namespace cairn::tool
