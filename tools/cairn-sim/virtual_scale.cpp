#include "tools/cairn-sim/virtual_scale.h"

#include <poll.h>

#include <array>
#include <utility>

namespace cairn::simulator {
namespace {

constexpr int kForEver = -1;
/// While no program has the line open it is hung up, and poll(2) would return at once.
constexpr int kLookForProgramMs = 20;

/// With a bit of the octet in its middle turned over, as a bad line does.
Bytes garble_one(Bytes octets) {
  constexpr unsigned kBit = 1U << 6U;
  if (octets.empty()) return octets;
  char& octet = octets[octets.size() / 2];
  octet = static_cast<char>(static_cast<unsigned char>(octet) ^ kBit);
  return octets;
}

}  // namespace

VirtualScale::VirtualScale(VirtualScaleConfig config, const Clock& clock)
    : SerialPlayed(DeviceKind::kScale, config.name, config.link),
      config_(std::move(config)),
      clock_(clock),
      mechanism_(config_.settle),
      speech_(make_scale_speech(config_.protocol).value()) {}

VirtualScale::~VirtualScale() { pull(); }

void VirtualScale::tell_state(json::Value& into) const {
  into.set("plugged", is_plugged()).set("open", is_open());
  const std::scoped_lock lock(weighing_);
  const MonoTime now = clock_.mono_now();
  into.set("state", name_of(mechanism_.state(now)));
  if (const auto shown = mechanism_.shown(now)) {
    into.set("kg", *shown);
  } else {
    into.set_null("kg");
  }
  into.set("protocol", config_.protocol)
      .set("mute", mute_)
      .set("garbled", garbled_)
      .set("asked", asked_);
}

void VirtualScale::put(std::int64_t grams) {
  const std::scoped_lock lock(weighing_);
  mechanism_.put(grams, clock_.mono_now());
}

void VirtualScale::move() {
  const std::scoped_lock lock(weighing_);
  mechanism_.move();
}

void VirtualScale::overload() {
  const std::scoped_lock lock(weighing_);
  mechanism_.overload();
}

void VirtualScale::lift() {
  const std::scoped_lock lock(weighing_);
  mechanism_.lift();
}

void VirtualScale::mute(bool on) {
  const std::scoped_lock lock(weighing_);
  mute_ = on;
}

Result<> VirtualScale::garble(bool on) {
  const std::scoped_lock lock(weighing_);
  garbled_ = on;
  return {};
}

std::uint64_t VirtualScale::asked() const {
  const std::scoped_lock lock(weighing_);
  return asked_;
}

void VirtualScale::serve(Pty& line) {
  MonoTime next_talk = clock_.mono_now();
  const auto every = speech_->every();
  while (!is_stopping()) {
    const bool open = line.is_open();
    std::array<pollfd, 2> polled{{{open ? line.fd() : -1, POLLIN, 0}, {wake().fd(), POLLIN, 0}}};
    ::poll(polled.data(), polled.size(), open && !every ? kForEver : kLookForProgramMs);
    hear(line, line.read());
    if (!open || !every || clock_.mono_now() < next_talk) continue;
    next_talk = clock_.mono_now() + *every;
    talk(line);
  }
}

void VirtualScale::hear(Pty& line, BytesView octets) {
  Bytes answers;
  {
    const std::scoped_lock lock(weighing_);
    for (const char octet : octets) {
      const auto command = static_cast<char>(static_cast<unsigned char>(octet) & 0x7FU);
      ScaleSpeech::Said said = speech_->hear(command, mechanism_, clock_.mono_now());
      if (said.asked) ++asked_;
      if (!mute_) answers += garbled_ ? garble_one(std::move(said.octets)) : said.octets;
    }
  }
  say(line, answers);
}

void VirtualScale::talk(Pty& line) {
  Bytes octets;
  {
    const std::scoped_lock lock(weighing_);
    octets = speech_->talk(mechanism_, clock_.mono_now());
    if (garbled_) octets = garble_one(std::move(octets));
    if (mute_) octets.clear();
  }
  say(line, octets);
}

void VirtualScale::say(Pty& line, BytesView octets) const {
  // Nobody reads it: as with a real line, it is lost.
  if (!octets.empty()) (void)line.write(config_.parity ? with_even_parity(octets) : Bytes(octets));
}

}  // namespace cairn::simulator
