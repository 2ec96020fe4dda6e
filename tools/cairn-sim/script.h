#pragma once
// The commands that play the virtual devices: one line in, one JSON object out. Standard input and
// the bench page use it, both at once; each device looks after itself. Any thread.

#include "core/json/value.h"
#include "tools/cairn-sim/verb.h"
#include "tools/cairn-sim/virtual_device.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::simulator {

/// {"ok":false,"error":{"code":…,"message":…}}
json::Value error_answer(const Error& error);

class Script {
 public:
  /// devices: at least one; they outlive the script.
  Script(const Devices& devices, Pause pause);

  /// Carries out a line and returns the answer; nothing for an empty line or a comment ("# …").
  /// Waits as long as the command takes.
  std::optional<json::Value> run(std::string_view line);

  /// The commands as text, for --help.
  static std::string help_text();

  /// After "quit".
  [[nodiscard]] bool is_finished() const { return finished_; }

 private:
  Result<json::Value> carry_out(std::string_view name, std::string_view device,
                                std::string_view rest);
  Result<json::Value> quit();

  const Devices& devices_;
  const Pause pause_;
  std::atomic<bool> finished_ = false;
};

}  // namespace cairn::simulator
