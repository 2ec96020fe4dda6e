#pragma once
// Puts the pieces of a code together that a HID scanner sends as several reports. Pure, one thread.
//
// A code with a hole in it may be another valid code. So after a damaged piece everything up to the
// last piece of that code, or to silence where nobody knows which that is, belongs to it and is
// dropped.

#include "core/base/time.h"
#include "device-drivers/api/scanner.h"
#include "device-drivers/hid/scanner_report.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>

namespace cairn::devices::hid {

/// A whole code, without the CR or LF that some scanners are set to put behind it.
struct AssembledScan {
  std::string sent;  ///< 1 to Barcode::kMaxSize octets, none of them NUL
  bool aim = false;  ///< it begins with the AIM identifier
  friend bool operator==(const AssembledScan&, const AssembledScan&) = default;
};

class ScanAssembler {
 public:
  using Read = tl::expected<AssembledScan, FailedRead::Reason>;

  /// gap: a code that is not continued is given up after this much silence.
  explicit ScanAssembler(Duration gap) : gap_(gap) {}

  /// What ended with this piece; nothing: more has to come, or there was nothing in it.
  std::optional<Read> feed(const ScanFragment& fragment, MonoTime now);
  /// To be called when at `now` nothing has come. kIncomplete, once, if the gap is over.
  std::optional<FailedRead::Reason> quiet(MonoTime now);
  /// Starts afresh. kIncomplete if that cut a code off.
  std::optional<FailedRead::Reason> reset();
  /// When quiet() is due; nothing between two codes.
  [[nodiscard]] std::optional<MonoTime> deadline() const;

 private:
  std::optional<Read> refuse(FailedRead::Reason reason, bool more_follows);

  Duration gap_;
  bool begun_ = false;
  bool refused_ = false;  // the rest of this code is dropped
  bool until_silence_ = false;
  AssembledScan partial_;
  MonoTime last_;
};

}  // namespace cairn::devices::hid
