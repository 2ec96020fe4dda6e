#pragma once
// A TCP client that says exactly what a test wants, sound or not. Every wait has a deadline and
// throws when it passes. One thread.

#include "core/runtime/http_message.h"
#include "core/runtime/unique_fd.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::runtime::test {

/// Far more than anything here takes; only a failing test waits that long.
constexpr std::chrono::seconds kPatience{20};

struct RawResponse {
  int status = 0;
  HeaderFields headers;
  std::string body;

  [[nodiscard]] std::string header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

class RawPeer {
 public:
  /// Connects to 127.0.0.1. `receive_buffer` in octets makes a peer that takes little when it does
  /// not read.
  explicit RawPeer(std::uint16_t port, int receive_buffer = 0);

  /// False if the other side has gone.
  bool send(std::string_view text);
  /// No more from this side; the other direction stays open.
  void finish_sending();

  /// True if there is something to read, or the end, within that time.
  bool readable(std::chrono::milliseconds within);
  /// The next response; `has_body` false after HEAD.
  RawResponse response(bool has_body = true);
  /// Everything up to and with `text`.
  std::string read_until(std::string_view text);
  /// Everything until the other side closes.
  std::string read_to_end();

 private:
  bool read_more();  // false at the end

  UniqueFd socket_;
  std::string buffer_;
};

/// "GET /path HTTP/1.1" and what is needed besides. `fields`: more header lines, each with its CR
/// LF.
std::string get(std::string_view path, std::string_view fields = {});
std::string post(std::string_view path, std::string_view body, std::string_view fields = {});

}  // namespace cairn::runtime::test
