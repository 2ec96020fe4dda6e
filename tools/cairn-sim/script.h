#pragma once
// The commands that play the virtual devices: one line in, one JSON object out. Standard input uses
// it; whatever else will drive the simulator (a bench page) does so through the same lines. One
// thread.

#include "core/json/value.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator {

/// {"ok":false,"error":{"code":…,"message":…}}
json::Value error_answer(const Error& error);

class Script {
 public:
  /// scanners: at least one, names unique.
  Script(std::vector<VirtualScanner> scanners, Pause pause);

  /// Carries out a line and returns the answer; nothing for an empty line or a comment ("# …").
  /// Waits as long as the command takes.
  std::optional<json::Value> run(std::string_view line);

  /// The commands as text, for --help.
  static std::string help_text();

  /// After "quit".
  [[nodiscard]] bool is_finished() const { return finished_; }

 private:
  struct Verb;
  /// What follows the verb, taken apart.
  struct Arguments {
    std::string_view device;  ///< of "@device"; empty if not given
    std::string_view rest;
  };

  static std::span<const Verb> verbs();
  Result<json::Value> run_verb(std::string_view verb, const Arguments& arguments);
  Result<json::Value> scan(const Arguments& arguments);
  Result<json::Value> raw(const Arguments& arguments);
  Result<json::Value> burst(const Arguments& arguments);
  Result<json::Value> unplug(const Arguments& arguments);
  Result<json::Value> plug(const Arguments& arguments);
  Result<json::Value> help(const Arguments& arguments);
  Result<json::Value> quit(const Arguments& arguments);

  Result<VirtualScanner*> scanner(const Arguments& arguments);

  std::vector<VirtualScanner> scanners_;
  Pause pause_;
  bool finished_ = false;
};

}  // namespace cairn::simulator
