#pragma once
// Cuts the octets of a scanner that sends lines into reads. Pure: octets and times go in, reads
// come out, so that every way the octets can be split over system calls is tested without a wire.
// One thread.
//
// A read ends at CR or LF; as an empty line is no read, CR LF ends one read, however far apart the
// two arrive. All other octets are data, also GS (0x1D) and those above 0x7F (GS1 and UTF-8 codes),
// save NUL:
//  - before a read NUL is noise (a cable being plugged in, a break) and dropped;
//  - within a read NUL is how the kernel hands over an octet that the line damaged (termios(3),
//  INPCK):
//    the read is refused, as a code with a hole in it may be another valid code.
// After a refused read everything up to the next suffix, or silence, still belongs to it and is
// dropped.

#include "core/base/time.h"
#include "device-drivers/api/scanner.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices {

class LineFramer {
 public:
  /// The octets of a complete read without the suffix (1 to Barcode::kMaxSize), or why it is none.
  using Read = tl::expected<std::string, FailedRead::Reason>;

  /// gap: a read without its suffix is given up after this much silence.
  explicit LineFramer(Duration gap) : gap_(gap) {}

  /// The reads that ended within `octets`, in order; a refused one as soon as that is known.
  /// Does not look for silence: octets that waited in the kernel while nobody read them were not
  /// silent.
  std::vector<Read> feed(std::string_view octets, MonoTime now);

  /// An octet arrived that nobody knows, e.g. a key that is none: the read is refused as with NUL,
  /// also before its first octet. kIncomplete, unless it was refused already.
  std::optional<FailedRead::Reason> spoil(MonoTime now);

  /// To be called when at `now` nothing is there to be read. kIncomplete, once, if the gap is over.
  std::optional<FailedRead::Reason> quiet(MonoTime now);

  /// Starts afresh, e.g. because the device went away. kIncomplete if that cut a read off.
  std::optional<FailedRead::Reason> reset();

  /// When quiet() is due; nothing between two reads.
  [[nodiscard]] std::optional<MonoTime> deadline() const;

 private:
  std::optional<Read> take(char octet);
  Read refuse(FailedRead::Reason reason);

  Duration gap_;
  std::string partial_;
  bool refused_ = false;  // the rest of this read is dropped
  MonoTime last_octet_;
};

}  // namespace cairn::devices
