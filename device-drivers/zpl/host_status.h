#pragma once
// The answer of a ZPL printer to ~HS: three strings, each between STX and ETX, with comma-separated
// fields (ZPL II Programming Guide, "~HS Host Status Return"). Firmware differs in the number of
// fields; they are read by position, and what is missing at the end counts as no. Strings without
// the fields that tell whether a label is printed are no answer. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

struct HostStatus {
  bool paper_out = false;
  bool paused = false;
  bool buffer_full = false;
  bool too_cold = false;
  bool too_hot = false;
  bool head_open = false;
  bool ribbon_out = false;
  int formats_waiting = 0;     ///< received, not yet printed
  int labels_remaining = 0;    ///< of the batch that is being printed
  bool label_waiting = false;  ///< in peel-off mode, for somebody to take it

  /// A sentence for a person: what keeps it from printing; empty: nothing.
  [[nodiscard]] std::string fault() const;
  /// Everything that it received is printed.
  [[nodiscard]] bool idle() const { return formats_waiting == 0 && labels_remaining == 0; }
};

/// Gathers the answer from the octets of the wire, however they are split. One thread.
class HostStatusReader {
 public:
  /// The status once its strings are complete, and whatever is behind it stays for the next.
  std::optional<HostStatus> feed(std::string_view octets);
  void reset() { text_.clear(); }

 private:
  std::string text_;
};

}  // namespace cairn::devices
