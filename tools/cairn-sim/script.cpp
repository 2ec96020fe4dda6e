#include "tools/cairn-sim/script.h"

#include "core/base/numbers.h"
#include "tools/cairn-sim/octets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace cairn::simulator {

struct Script::Verb {
  std::string_view name;
  std::string_view arguments;
  std::string_view does;
  Result<json::Value> (Script::*run)(const Arguments&);
};

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The first word and what follows it.
std::pair<std::string_view, std::string_view> cut_word(std::string_view text) {
  const auto end = std::min(text.find_first_of(kBlanks), text.size());
  return {text.substr(0, end), trim(text.substr(end))};
}

/// "]C1": flag character, letter, modifier (ISO/IEC 15424).
bool is_aim(std::string_view word) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return word.size() == 3 && word[0] == ']' && is_letter(word[1]) &&
         (is_letter(word[2]) || (word[2] >= '0' && word[2] <= '9'));
}

json::Value answer() {
  auto value = json::Value::object();
  value.set("ok", true);
  return value;
}

json::Value answer(const VirtualScanner& scanner) {
  auto value = answer();
  value.set("device", scanner.config().name);
  return value;
}

}  // namespace

std::span<const Script::Verb> Script::verbs() {
  static constexpr std::array<Verb, 7> kVerbs{{
      {"scan", "[@device] [AIM] code",
       "read a label: AIM identifier like ]C1 (with --aim), code, suffix", &Script::scan},
      {"raw", "[@device] octets", "send octets as they are, without identifier and suffix",
       &Script::raw},
      {"burst", "[@device] interval_ms code code ...", "read several labels, one every interval",
       &Script::burst},
      {"unplug", "[@device]",
       "pull the plug: the reader sees a hang-up, what it did not read is lost", &Script::unplug},
      {"plug", "[@device]", "plug it in again: a new pty behind the same link", &Script::plug},
      {"help", "", "list the commands", &Script::help},
      {"quit", "", "unplug everything and end; so does the end of input", &Script::quit},
  }};
  return kVerbs;
}

std::string Script::help_text() {
  std::string text;
  for (const Verb& verb : verbs()) {
    text +=
        fmt::format("  {:<44} {}\n", fmt::format("{} {}", verb.name, verb.arguments), verb.does);
  }
  return text;
}

json::Value error_answer(const Error& error) {
  auto what = json::Value::object();
  what.set("code", error.reason).set("message", error.message);
  auto value = json::Value::object();
  value.set("ok", false).set("error", std::move(what));
  return value;
}

Script::Script(std::vector<VirtualScanner> scanners, Pause pause)
    : scanners_(std::move(scanners)), pause_(std::move(pause)) {}

std::optional<json::Value> Script::run(std::string_view line) {
  const std::string_view command = trim(line);
  if (command.empty() || command.starts_with('#')) return std::nullopt;
  const auto [verb, rest] = cut_word(command);
  Arguments arguments{"", rest};
  if (rest.starts_with('@')) {
    std::tie(arguments.device, arguments.rest) = cut_word(rest.substr(1));
  }
  auto outcome = run_verb(verb, arguments);
  return outcome ? *std::move(outcome) : error_answer(outcome.error());
}

Result<json::Value> Script::run_verb(std::string_view verb, const Arguments& arguments) {
  for (const Verb& known : verbs()) {
    if (known.name == verb) return (this->*known.run)(arguments);
  }
  return fail(ErrorCode::kInvalid, "unknown_command",
              fmt::format("\"{}\" is no command; \"help\" lists them", verb));
}

Result<json::Value> Script::scan(const Arguments& arguments) {
  const auto device = scanner(arguments);
  if (!device) return fail(device.error());
  Label label;
  auto text = arguments.rest;
  if (const auto [word, code] = cut_word(text); is_aim(word)) {
    label.aim = word;
    text = code;
  }
  auto code = parse_octets(text);
  if (!code) return fail(code.error());
  label.code = *std::move(code);
  const auto sent = (*device)->scan(label);
  if (!sent) return fail(sent.error());
  auto value = answer(**device);
  value.set("sent", format_octets(*sent));
  return value;
}

Result<json::Value> Script::raw(const Arguments& arguments) {
  const auto device = scanner(arguments);
  if (!device) return fail(device.error());
  const auto octets = parse_octets(arguments.rest);
  if (!octets) return fail(octets.error());
  if (const auto sent = (*device)->send(*octets); !sent) return fail(sent.error());
  auto value = answer(**device);
  value.set("sent", format_octets(*octets));
  return value;
}

Result<json::Value> Script::burst(const Arguments& arguments) {
  constexpr std::uint64_t kLongestMs = 60'000;
  const auto device = scanner(arguments);
  if (!device) return fail(device.error());
  auto [word, codes] = cut_word(arguments.rest);
  const auto interval_ms = parse_unsigned(word);
  if (!interval_ms || *interval_ms > kLongestMs || codes.empty()) {
    return fail(ErrorCode::kInvalid, "bad_burst",
                fmt::format("burst takes an interval of 0 to {} ms, then codes", kLongestMs));
  }
  // All codes are read before the first is sent: a slip of the pen sends nothing.
  std::vector<Bytes> labels;
  while (!codes.empty()) {
    std::tie(word, codes) = cut_word(codes);
    auto code = parse_octets(word);
    if (!code) return fail(code.error());
    labels.push_back(*std::move(code));
  }
  for (std::size_t scans = 0; scans < labels.size(); ++scans) {
    if (scans > 0) {
      const auto paused = pause_(std::chrono::milliseconds(*interval_ms));
      if (!paused) return fail(paused.error());
    }
    const auto sent = (*device)->scan({std::nullopt, labels[scans]});
    if (!sent) return fail(sent.error().with_context(fmt::format("after {} scans", scans)));
  }
  auto value = answer(**device);
  value.set("scans", labels.size());
  return value;
}

Result<json::Value> Script::unplug(const Arguments& arguments) {
  const auto device = scanner(arguments);
  if (!device) return fail(device.error());
  if (const auto done = (*device)->unplug(); !done) return fail(done.error());
  return answer(**device);
}

Result<json::Value> Script::plug(const Arguments& arguments) {
  const auto device = scanner(arguments);
  if (!device) return fail(device.error());
  if (const auto done = (*device)->plug(); !done) return fail(done.error());
  auto value = answer(**device);
  value.set("path", (*device)->config().link);
  return value;
}

Result<json::Value> Script::help(const Arguments& /*arguments*/) {
  auto commands = json::Value::array();
  for (const Verb& verb : verbs()) {
    auto command = json::Value::object();
    command.set("command", verb.name).set("arguments", verb.arguments).set("does", verb.does);
    commands.add(std::move(command));
  }
  auto value = answer();
  value.set("commands", std::move(commands));
  return value;
}

Result<json::Value> Script::quit(const Arguments& /*arguments*/) {
  finished_ = true;
  return answer();
}

Result<VirtualScanner*> Script::scanner(const Arguments& arguments) {
  if (arguments.device.empty() && scanners_.size() == 1) return &scanners_.front();
  const auto found = std::ranges::find_if(scanners_, [&arguments](const VirtualScanner& one) {
    return one.config().name == arguments.device;
  });
  if (found != scanners_.end()) return &*found;
  std::string names;
  for (const VirtualScanner& one : scanners_) names += fmt::format(" @{}", one.config().name);
  return fail(ErrorCode::kNotFound, "unknown_device",
              fmt::format("say which device, right after the command:{}", names));
}

}  // namespace cairn::simulator
