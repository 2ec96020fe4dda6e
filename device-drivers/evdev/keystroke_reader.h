#pragma once
// Makes reads of the keystrokes of a scanner in keyboard mode. Pure: events and times go in, reads
// come out. One thread.
//
// A key that types no octet spoils its read, and so do events that were lost: a code with a hole in
// it may be another valid code. What follows up to Enter or Tab, or to silence, belongs to that
// read and is dropped. While a key is stuck (still down after silence) every read is spoiled: of a
// key that is down nobody hears that it was pressed again.

#include "core/base/time.h"
#include "device-drivers/api/scanner.h"
#include "device-drivers/evdev/key_decoder.h"
#include "device-drivers/serial/line_framer.h"

#include <optional>
#include <vector>

namespace cairn::devices::evdev {

class KeystrokeReader {
 public:
  using Read = LineFramer::Read;

  /// gap: a read without its end is given up after this much silence.
  KeystrokeReader(KeyDecoder decoder, Duration gap);

  /// The reads that ended with the event, a spoiled one as soon as that is known.
  std::vector<Read> take(KeyEvent event, MonoTime now);
  /// Events were lost (SYN_DROPPED). kIncomplete, unless the read under way was refused already.
  std::optional<FailedRead::Reason> lost_events(MonoTime now);
  /// How a key is after that.
  void set(KeyEvent event) { decoder_.set(event.code, event.value != 0); }
  /// What came until now came before anybody listened. kIncomplete if it broke off within a read:
  /// what follows of that is dropped, too.
  std::optional<FailedRead::Reason> begin(MonoTime now);

  /// To be called when at `now` nothing is there to be read. kIncomplete, once, if the gap is over.
  std::optional<FailedRead::Reason> quiet(MonoTime now);
  /// As new. kIncomplete if that cut a read off.
  std::optional<FailedRead::Reason> reset();
  /// A key did not go up.
  [[nodiscard]] bool is_stuck() const { return stuck_; }
  /// When quiet() is due; nothing: not before something arrives.
  [[nodiscard]] std::optional<MonoTime> deadline() const;

 private:
  KeyDecoder decoder_;
  LineFramer framer_;
  Duration gap_;
  MonoTime last_key_;  // went up or down
  bool stuck_ = false;
};

}  // namespace cairn::devices::evdev
