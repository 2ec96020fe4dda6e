#pragma once
// A signed-in conversation with a running hub or agent. Every command of the operator's tool has
// one. The other side is not trusted: it gets the PIN only if it calls itself a Cairn program of a
// version we understand, and an answer counts only if all is there that is read from it. Main
// thread.

#include "core/json/reader.h"
#include "core/runtime/http_client.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace cairn::tool {

/// For text members that may be of any length: no answer is longer.
inline constexpr std::size_t kAnyLength = 64U << 20U;
/// For counts that may be as large as they like.
inline constexpr std::int64_t kAnyCount = INT64_MAX;

struct Login {
  std::string url = "http://127.0.0.1:8080";
  std::string user;
  std::string pin_file;  ///< empty: the environment's CAIRN_PIN
};

class ApiSession {
 public:
  /// Signs in. Errors: kInvalid (no name, no PIN, a bad URL), kCorrupt (another program is there),
  /// kUnavailable (nobody, or one of another version), and what the other side says.
  static Result<ApiSession> open(const Login& login);
  ApiSession(ApiSession&& other) noexcept
      : client_(std::move(other.client_)),
        url_(std::move(other.url_)),
        token_(std::exchange(other.token_, std::nullopt)),
        program_(std::move(other.program_)) {}
  ApiSession& operator=(ApiSession&&) = delete;
  /// Signs out.
  ~ApiSession();

  /// The answer's body. A problem of the other side is an error with its own words. `patience`: how
  /// long it may take to answer.
  Result<json::Value> get(const std::string& path, Duration patience = kPatience);
  Result<json::Value> post(const std::string& path, const json::Value& body,
                           Duration patience = kPatience);
  Result<json::Value> put(const std::string& path, const json::Value& body);
  Result<json::Value> remove(const std::string& path);
  Result<json::Value> post_csv(const std::string& path, std::string_view csv, Duration patience);

  /// Hands over the live events as they come, until `event` returns false, the stream ends or is
  /// silent for 15 s (it says at least every 5 s that it is there).
  /// Errors: those of the other side; kUnavailable "stream_ended".
  using OnEvent = std::function<bool(const std::string& name, const json::Value& data)>;
  Result<> follow(const OnEvent& event);

  /// Whether an answer had everything that was read from it. Errors: kCorrupt "bad_answer".
  [[nodiscard]] Result<> understood(const json::Reader& answer) const;

  /// "cairn-hub" or "cairn-agent".
  [[nodiscard]] const std::string& program() const { return program_; }

 private:
  static constexpr Duration kPatience = std::chrono::seconds(30);
  static constexpr Duration kGoodbye = std::chrono::seconds(5);
  static constexpr Duration kSilence = std::chrono::seconds(15);

  ApiSession(runtime::HttpClient client, std::string url)
      : client_(std::move(client)), url_(std::move(url)) {}
  Result<> recognise();
  Result<json::Value> send(const std::string& method, const std::string& path,
                           const std::string& content_type, std::string_view body,
                           Duration patience = kPatience);

  runtime::HttpClient client_;
  std::string url_;
  std::optional<std::string> token_;
  std::string program_;
};

/// For the members of an answer. Those that nobody asks for are a newer program's business.
inline json::Reader read_answer(const json::Value& answer) {
  return json::Reader(answer, json::Reader::Unknown::kIgnored);
}

/// Percent-encodes a path segment or query value.
std::string escaped(std::string_view text);

}  // namespace cairn::tool
