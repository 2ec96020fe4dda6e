#pragma once
// A command of the script: its name, what it takes, and what it does to a device. The verbs of each
// kind of device are in a file of their own. Any thread.

#include "core/base/result.h"
#include "core/json/value.h"
#include "tools/cairn-sim/virtual_device.h"
#include "tools/cairn-sim/virtual_scanner.h"

#include <span>
#include <string_view>
#include <utility>

namespace cairn::simulator {

/// A line of the script, taken apart.
struct Command {
  VirtualDevice& device;  ///< of the verb's kind
  std::string_view rest;  ///< behind verb and device
  const Pause& pause;
};

struct Verb {
  std::string_view name;
  std::string_view arguments;
  std::string_view does;
  Result<json::Value> (*run)(const Command&);
};

std::span<const Verb> scanner_verbs();
std::span<const Verb> scale_verbs();
std::span<const Verb> printer_verbs();

/// {"ok":true}
json::Value ok_answer();
/// {"ok":true,"device":…}
json::Value ok_answer(const VirtualDevice& device);

/// Without blanks at both ends.
std::string_view trim(std::string_view text);
/// The first word and what follows it.
std::pair<std::string_view, std::string_view> cut_word(std::string_view text);

/// One of two words as yes or no. Errors: kInvalid "bad_argument".
Result<bool> parse_choice(std::string_view text, std::string_view yes, std::string_view no);

}  // namespace cairn::simulator
