#pragma once
// A signed-in conversation with a running hub or agent. Every command of the operator's tool has
// one. Main thread.

#include "core/json/reader.h"
#include "core/runtime/http_client.h"

#include <optional>
#include <string>
#include <utility>

namespace cairn::tool {

struct Login {
  std::string url = "http://127.0.0.1:8080";
  std::string user;
  std::string pin_file;  ///< empty: the environment's CAIRN_PIN
};

class ApiSession {
 public:
  /// Signs in. Errors: kInvalid (no name, no PIN, a bad URL), kDenied (wrong name or PIN),
  /// kUnavailable.
  static Result<ApiSession> open(const Login& login);
  ApiSession(ApiSession&& other) noexcept
      : client_(std::move(other.client_)),
        token_(std::exchange(other.token_, std::nullopt)),
        program_(std::move(other.program_)) {}
  ApiSession& operator=(ApiSession&&) = delete;
  /// Signs out.
  ~ApiSession();

  /// The answer's body. A problem of the other side is an error with its own words.
  Result<json::Value> get(const std::string& path);
  Result<json::Value> post(const std::string& path, const json::Value& body);
  Result<json::Value> put(const std::string& path, const json::Value& body);
  Result<json::Value> post_csv(const std::string& path, std::string_view csv);

  /// "cairn-hub" or "cairn-agent".
  [[nodiscard]] const std::string& program() const { return program_; }

 private:
  explicit ApiSession(runtime::HttpClient client) : client_(std::move(client)) {}
  Result<json::Value> send(const std::string& method, const std::string& path,
                           const std::string& content_type, std::string_view body);

  runtime::HttpClient client_;
  std::optional<std::string> token_;
  std::string program_;
};

/// Percent-encodes a path segment or query value.
std::string escaped(std::string_view text);

}  // namespace cairn::tool
