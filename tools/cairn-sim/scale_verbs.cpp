#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/scale_mechanism.h"
#include "tools/cairn-sim/verb.h"

#include <array>

namespace cairn::simulator {
namespace {

PlayedScale& scale_of(const Command& command) { return dynamic_cast<PlayedScale&>(command.device); }

/// The answer to everything that was done to a scale: how it is now.
json::Value told(const Command& command) {
  auto value = ok_answer(command.device);
  command.device.tell_state(value);
  return value;
}

Result<json::Value> weight(const Command& command) {
  const auto grams = parse_kilograms(command.rest);
  if (!grams) return fail(grams.error());
  scale_of(command).put(*grams);
  return told(command);
}

Result<json::Value> move(const Command& command) {
  scale_of(command).move();
  return told(command);
}

Result<json::Value> over(const Command& command) {
  scale_of(command).overload();
  return told(command);
}

Result<json::Value> under(const Command& command) {
  scale_of(command).lift();
  return told(command);
}

Result<json::Value> mute(const Command& command) {
  const auto on = parse_choice(command.rest, "on", "off");
  if (!on) return fail(on.error());
  scale_of(command).mute(*on);
  return told(command);
}

Result<json::Value> garble(const Command& command) {
  const auto on = parse_choice(command.rest, "on", "off");
  if (!on) return fail(on.error());
  if (auto ok = scale_of(command).garble(*on); !ok) return fail(ok.error());
  return told(command);
}

constexpr std::array<Verb, 6> kScaleVerbs{{
    {"weight", "[@scale] kg", "put so much on it, as 1.250: in motion first, then stable", &weight},
    {"move", "[@scale]", "keep touching it, until the next weight", &move},
    {"over", "[@scale]", "put more on it than it can weigh", &over},
    {"under", "[@scale]", "take away what it was zeroed with: less than nothing", &under},
    {"mute", "[@scale] on|off", "weigh but do not answer", &mute},
    {"garble", "[@scale] on|off", "damage an octet of each answer", &garble},
}};

}  // namespace

std::span<const Verb> scale_verbs() { return kScaleVerbs; }

}  // namespace cairn::simulator
