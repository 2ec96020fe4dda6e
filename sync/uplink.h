#pragma once
// Uplink of a node: which part of the own log to send next, and when to send it again. Go-back-N
// with a small window and cumulative application acks (docs/protocol.md, uplink). Pure: no I/O,
// clock or chance.

#include "core/base/time.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace cairn::sync {

struct UplinkLimits {
  std::size_t window_frames = 8;
  std::uint64_t full_frame = 512;  ///< records; fewer wait while something is in flight
  Duration rto_least = std::chrono::seconds(1);
  Duration rto_most = std::chrono::seconds(60);
};

class Uplink {
 public:
  /// `jitter`: any number that differs from node to node; it spreads retries.
  Uplink(UplinkLimits limits, std::uint64_t head, std::uint64_t hwm, std::uint64_t jitter)
      : limits_(limits), jitter_(jitter), head_(head), hwm_(hwm), next_(hwm + 1) {}

  // ---- inputs; each may change what next_frame() says ----

  /// The hub knows us: its log of ours ends at `hwm`, and it takes `credit_events` beyond that.
  void opened(std::uint64_t hwm, std::uint64_t credit_events, MonoTime now);
  void closed();
  void log_grew(std::uint64_t head) { head_ = head; }
  /// The frame asked for by next_frame() was handed to the transport with these records.
  void frame_sent(std::uint64_t first, std::uint64_t last, MonoTime now);
  /// `gap_from` 0: no gap.
  void acked(std::uint64_t hwm, std::uint64_t credit_events, std::uint64_t gap_from, MonoTime now);
  void on_time(MonoTime now);

  // ---- outputs ----

  /// First record of a frame to be sent now; nothing if there is none or it has to wait.
  [[nodiscard]] std::optional<std::uint64_t> next_frame() const;
  /// How many records that frame may have at most. From the third vain try on half as many each
  /// time: what never arrives whole, too large for the bus perhaps, is cut down to the one record
  /// that is to blame, and all before it get through.
  [[nodiscard]] std::uint64_t records_most() const;
  /// When on_time() is needed at the latest.
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  /// Everything up to here is committed at the hub.
  [[nodiscard]] std::uint64_t hwm() const { return hwm_; }
  [[nodiscard]] std::uint64_t head() const { return head_; }

 private:
  struct InFlight {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    MonoTime sent;
    bool again = false;  ///< sent before: its round trip says nothing (Karn)
  };

  void go_back(std::uint64_t to, MonoTime now);
  void measure(const InFlight& frame, MonoTime now);
  [[nodiscard]] Duration rto() const;

  UplinkLimits limits_;
  std::uint64_t jitter_;
  bool open_ = false;
  std::uint64_t head_;
  std::uint64_t hwm_;
  std::uint64_t next_;             ///< first record not in flight
  std::uint64_t sent_before_ = 0;  ///< records up to here have been in flight at least once
  std::uint64_t credit_ = 0;
  std::deque<InFlight> window_;
  Duration srtt_{0};
  unsigned attempt_ = 0;
  unsigned vain_ = 0;  ///< times that it went back since the last progress
  MonoTime went_back_;
};

}  // namespace cairn::sync
