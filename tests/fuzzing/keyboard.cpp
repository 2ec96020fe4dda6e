// What a scanner in keyboard mode types: whatever keys go up and down, are lost and found again,
// no read is longer than one can be, and keys that repeat by themselves change nothing.

#include "core/base/assert.h"
#include "core/base/barcode.h"
#include "device-drivers/evdev/keystroke_reader.h"
#include "tests/fuzzing/target.h"

#include <array>
#include <chrono>
#include <vector>

namespace cairn::fuzz {
namespace {

using devices::evdev::KeyEvent;
using devices::evdev::KeystrokeReader;

KeystrokeReader reader_of(const char* layout) {
  auto decoder = devices::evdev::KeyDecoder::create({layout, {}});
  CAIRN_ASSERT(decoder.has_value(), "xkb-data is installed");
  return {*std::move(decoder), std::chrono::milliseconds(50)};
}

/// Made once: a layout takes some milliseconds.
KeystrokeReader& reader_for(std::uint8_t choice) {
  static std::array<KeystrokeReader, 4> readers{reader_of("us"), reader_of("de"), reader_of("fr"),
                                                reader_of("gb")};
  return readers.at(choice % readers.size());
}

/// Three octets are a step: two of a key, one of what happens to it.
std::vector<KeystrokeReader::Read> read_steps(KeystrokeReader& reader, BytesView steps,
                                              bool with_repeats) {
  using devices::FailedRead;
  std::vector<KeystrokeReader::Read> reads;
  const auto add = [&reads](std::optional<FailedRead::Reason> why) {
    if (why) reads.emplace_back(tl::unexpected(*why));
  };
  constexpr std::size_t kStep = 3;
  MonoTime now{1};
  for (; steps.size() >= kStep; steps.remove_prefix(kStep)) {
    const auto at = [&steps](std::size_t i) { return static_cast<std::uint8_t>(steps[i]); };
    const auto code = static_cast<std::uint16_t>(at(0) | at(1) << 8U);
    const std::uint8_t what = at(2);
    now = now + std::chrono::microseconds(what * 1000);
    if (what == 0xFF) {
      add(reader.lost_events(now));
      reader.set({code, 1});
    } else if (what == 0xFE) {
      add(reader.quiet(now));
    } else if (what == 0xFD) {
      add(reader.begin(now));
    } else {
      for (auto& read : reader.take({code, what % 2}, now)) reads.push_back(std::move(read));
      if (with_repeats) hold(reader.take({code, 2}, now).empty(), "a repeat types nothing");
    }
  }
  add(reader.reset());
  hold(!reader.deadline() && !reader.is_stuck(), "afterwards it is as new");
  return reads;
}

}  // namespace

void keystrokes(BytesView input) {
  if (input.empty()) return;
  KeystrokeReader& reader = reader_for(static_cast<std::uint8_t>(input[0]));
  const auto reads = read_steps(reader, input.substr(1), false);
  hold(read_steps(reader, input.substr(1), true) == reads, "repeats change nothing");
  for (const auto& read : reads) {
    if (!read) continue;
    hold(!read->empty() && read->size() <= Barcode::kMaxSize, "a read has 1 to 256 octets");
    hold(read->find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
         "a read has no suffix and no hole in it");
  }
}

}  // namespace cairn::fuzz
