#include "device-drivers/evdev/keystroke_reader.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace cairn::devices::evdev {

KeystrokeReader::KeystrokeReader(KeyDecoder decoder, Duration gap)
    : decoder_(std::move(decoder)), framer_(gap), gap_(gap) {}

std::vector<KeystrokeReader::Read> KeystrokeReader::take(KeyEvent event, MonoTime now) {
  const Typed typed = decoder_.take(event);
  if (event.value == 0 || event.value == 1) last_key_ = now;
  std::vector<Read> reads;
  if (typed.unknown || (typed.octet && stuck_)) {
    if (const auto why = framer_.spoil(now)) reads.emplace_back(tl::unexpected(*why));
  }
  if (typed.octet) {
    for (auto& read : framer_.feed({&*typed.octet, 1}, now)) reads.push_back(std::move(read));
  }
  return reads;
}

std::optional<FailedRead::Reason> KeystrokeReader::lost_events(MonoTime now) {
  decoder_.forget();
  last_key_ = now;
  return framer_.spoil(now);
}

std::optional<FailedRead::Reason> KeystrokeReader::begin(MonoTime now) {
  if (!framer_.deadline()) return std::nullopt;
  return framer_.spoil(now);
}

std::optional<FailedRead::Reason> KeystrokeReader::quiet(MonoTime now) {
  if (!decoder_.any_down()) {
    stuck_ = false;
  } else if (now >= last_key_ + gap_) {
    stuck_ = true;
  }
  return framer_.quiet(now);
}

std::optional<FailedRead::Reason> KeystrokeReader::reset() {
  decoder_.reset();
  stuck_ = false;
  return framer_.reset();
}

std::optional<MonoTime> KeystrokeReader::deadline() const {
  const auto read = framer_.deadline();
  if (!decoder_.any_down() || stuck_) return read;
  const MonoTime keys = last_key_ + gap_;
  return read ? std::min(*read, keys) : keys;
}

}  // namespace cairn::devices::evdev
