#pragma once
// A mail server that says what a test wants, sound or not, to one client.

#include "core/runtime/unique_fd.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace cairn::runtime::test {

class ScriptedMailServer {
 public:
  /// One for the greeting and for each thing that the client says. After the last it closes.
  using Script = std::vector<std::string>;

  /// `for_ever`: what it says after the script again and again, until the client has gone; empty:
  /// nothing.
  explicit ScriptedMailServer(Script script, std::string for_ever = "",
                              std::chrono::milliseconds pause = {});
  ScriptedMailServer(const ScriptedMailServer&) = delete;
  ScriptedMailServer& operator=(const ScriptedMailServer&) = delete;
  ~ScriptedMailServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// All that the client said; waits until it has gone.
  const std::string& heard();

 private:
  void serve();
  /// False: the client has gone.
  bool hear(const std::string& end);

  Script script_;
  std::string for_ever_;
  std::chrono::milliseconds pause_;
  UniqueFd listener_;
  UniqueFd client_;
  std::uint16_t port_ = 0;
  std::string heard_;
  std::thread thread_;
};

}  // namespace cairn::runtime::test
