#include "tools/cairn/api_session.h"

#include "core/base/bytes.h"
#include "core/program/version.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

namespace cairn::tool {
namespace {

using program::kVersion;

// Programs of these versions have the same API: before 1.0.0 the minor number counts, too
// (Semantic Versioning 2.0.0, 4 and 8).
constexpr std::string_view kUnderstood =
    kVersion.substr(0, kVersion.find('.', kVersion.starts_with("0.") ? 2 : 0) + 1);

Result<std::string> read_pin(const Login& login) {
  std::string pin;
  if (login.pin_file.empty()) {
    const char* const variable =
        std::getenv("CAIRN_PIN");  // NOLINT(concurrency-mt-unsafe): one thread
    if (variable != nullptr) pin = variable;
  } else {
    std::ifstream file(login.pin_file);
    std::getline(file, pin);
    if (pin.ends_with('\r')) pin.pop_back();  // a file from Windows
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
  json::Reader in = read_answer(*body);
  error.message = in.optional_text("detail", {1, kAnyLength}).value_or(error.message);
  const auto type = in.optional_text("type", {0, kAnyLength}).value_or("");
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
  ApiSession session(*std::move(client), login.url);
  if (auto ok = session.recognise(); !ok) return fail(ok.error());
  auto body = json::Value::object();
  body.set("name", login.user).set("pin", *pin);
  // An agent's person works somewhere; the tool must not sign a picker out of a station.
  if (session.program_ == "cairn-agent") body.set("station", "operator-tool");
  const auto answer = session.post("/api/v1/sessions", body);
  if (!answer) return fail(answer.error());
  json::Reader in = read_answer(*answer);
  auto token = in.text("token", {1, 256});
  if (auto ok = session.understood(in); !ok) return fail(ok.error());
  session.token_ = std::move(token);
  return session;
}

/// Who is there, before anything is said that is not for everybody.
Result<> ApiSession::recognise() {
  const auto version = get("/version");
  if (!version) return fail(version.error());
  json::Reader in = read_answer(*version);
  program_ = in.text("program", {1, 64});
  const auto number = in.text("version", {1, 64});
  if (!in.done() || (program_ != "cairn-hub" && program_ != "cairn-agent")) {
    return fail(
        ErrorCode::kCorrupt, "not_cairn",
        fmt::format("what answers at {} is no hub or agent of Cairn; the PIN was not sent", url_));
  }
  if (number.starts_with(kUnderstood)) return {};
  return fail(ErrorCode::kUnavailable, "other_version",
              fmt::format("the {} at {} is of version {}, this tool of {}: use the tool that came "
                          "with it; the PIN was not sent",
                          program_, url_, number, kVersion));
}

ApiSession::~ApiSession() {
  if (token_) static_cast<void>(send("DELETE", "/api/v1/sessions/current", "", "", kGoodbye));
}

Result<json::Value> ApiSession::get(const std::string& path, Duration patience) {
  return send("GET", path, "", "", patience);
}

Result<json::Value> ApiSession::post(const std::string& path, const json::Value& body,
                                     Duration patience) {
  return send("POST", path, "application/json", body.dump(), patience);
}

Result<json::Value> ApiSession::put(const std::string& path, const json::Value& body) {
  return send("PUT", path, "application/json", body.dump());
}

Result<json::Value> ApiSession::remove(const std::string& path) {
  return send("DELETE", path, "", "");
}

Result<json::Value> ApiSession::post_csv(const std::string& path, std::string_view csv,
                                         Duration patience) {
  return send("POST", path, "text/csv", csv, patience);
}

Result<> ApiSession::follow(const OnEvent& event) {
  constexpr std::string_view kName = "event: ";
  constexpr std::string_view kData = "data: ";
  const runtime::HeaderFields headers{{"Authorization", "Bearer " + token_.value_or("")},
                                      {"Accept", "text/event-stream"}};
  std::string name;
  bool enough = false;
  const auto take = [&](std::string_view line) {
    if (line.starts_with(kName)) name = line.substr(kName.size());
    if (!line.starts_with(kData)) return true;
    const auto data = json::parse(line.substr(kData.size()));
    enough = data && !event(name, *data);  // what is no JSON is a newer program's business
    return !enough;
  };
  const auto end = client_.follow("/api/v1/stream", headers, take, kSilence);
  if (!end) return fail(end.error());
  if (end->status >= 300) return fail(problem_of(*end));
  if (enough) return {};
  return fail(ErrorCode::kUnavailable, "stream_ended",
              fmt::format("{} has ended the stream", url_));
}

Result<> ApiSession::understood(const json::Reader& answer) const {
  if (auto ok = answer.done(); !ok) {
    return fail(ErrorCode::kCorrupt, "bad_answer",
                fmt::format("{} gave an answer that is none: {}", url_, ok.error().message));
  }
  return {};
}

Result<json::Value> ApiSession::send(const std::string& method, const std::string& path,
                                     const std::string& content_type, std::string_view body,
                                     Duration patience) {
  runtime::HeaderFields headers;
  if (token_) headers.emplace("Authorization", "Bearer " + *token_);
  if (!content_type.empty()) headers.emplace("Content-Type", content_type);
  const auto response = client_.send(method, path, headers, body, patience);
  if (!response) return fail(response.error());
  if (response->status >= 300) return fail(problem_of(*response));
  if (response->body.empty()) return json::Value::object();
  auto value = json::parse(response->body);
  if (value) return value;
  return fail(ErrorCode::kCorrupt, "bad_answer",
              fmt::format("{} gave an answer that is no JSON: is that a hub or an agent?", url_));
}

}  // namespace cairn::tool
