#include "core/base/numbers.h"
#include "tools/cairn-sim/octets.h"
#include "tools/cairn-sim/verb.h"

#include <fmt/format.h>

#include <array>
#include <tuple>
#include <vector>

namespace cairn::simulator {
namespace {

PlayedScanner& scanner_of(const Command& command) {
  return dynamic_cast<PlayedScanner&>(command.device);
}

/// "]C1": flag character, letter, modifier (ISO/IEC 15424).
bool is_aim(std::string_view word) {
  const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return word.size() == 3 && word[0] == ']' && is_letter(word[1]) &&
         (is_letter(word[2]) || (word[2] >= '0' && word[2] <= '9'));
}

Result<json::Value> scan(const Command& command) {
  Label label;
  auto text = command.rest;
  if (const auto [word, code] = cut_word(text); is_aim(word)) {
    label.aim = word;
    text = code;
  }
  auto code = parse_octets(text);
  if (!code) return fail(code.error());
  label.code = *std::move(code);
  const auto sent = scanner_of(command).scan(label);
  if (!sent) return fail(sent.error());
  auto value = ok_answer(command.device);
  value.set("sent", format_octets(*sent));
  return value;
}

Result<json::Value> raw(const Command& command) {
  const auto octets = parse_octets(command.rest);
  if (!octets) return fail(octets.error());
  if (const auto sent = scanner_of(command).send(*octets); !sent) return fail(sent.error());
  auto value = ok_answer(command.device);
  value.set("sent", format_octets(*octets));
  return value;
}

Result<json::Value> burst(const Command& command) {
  constexpr std::uint64_t kLongestMs = 60'000;
  auto [word, codes] = cut_word(command.rest);
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
      const auto paused = command.pause(std::chrono::milliseconds(*interval_ms));
      if (!paused) return fail(paused.error());
    }
    const auto sent = scanner_of(command).scan({std::nullopt, labels[scans]});
    if (!sent) return fail(sent.error().with_context(fmt::format("after {} scans", scans)));
  }
  auto value = ok_answer(command.device);
  value.set("scans", labels.size());
  return value;
}

constexpr std::array<Verb, 3> kScannerVerbs{{
    {"scan", "[@scanner] [AIM] code",
     "read a label: AIM identifier like ]C1 (with --aim), code, suffix", &scan},
    {"raw", "[@scanner] octets", "send octets as they are, without identifier and suffix", &raw},
    {"burst", "[@scanner] interval_ms code code ...", "read several labels, one every interval",
     &burst},
}};

}  // namespace

std::span<const Verb> scanner_verbs() { return kScannerVerbs; }

}  // namespace cairn::simulator
