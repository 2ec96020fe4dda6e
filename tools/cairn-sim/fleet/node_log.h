#pragma once
// What a virtual node has written and the hub has not acknowledged: real records, chained. Only
// that is kept; a node of this kind lives as long as its process.

#include "core/base/hlc.h"
#include "core/crypto/hash.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace cairn::simulator::fleet {

class NodeLog {
 public:
  NodeLog(NodeId node, Incarnation inc, SiteId site);

  [[nodiscard]] NodeId node() const { return node_; }
  [[nodiscard]] Incarnation inc() const { return inc_; }
  [[nodiscard]] const SiteId& site() const { return site_; }
  [[nodiscard]] std::uint64_t head() const { return acked_ + kept_.size(); }
  [[nodiscard]] std::uint64_t acked() const { return acked_; }

  /// One more movement of stock.
  void write(UtcTime wall, MonoTime now);
  /// The frame from `first` on, as much as fits, and the last record in it.
  struct Framed {
    Bytes octets;
    std::uint64_t last = 0;
  };
  Framed frame(std::uint64_t first) const;
  /// The chain at a record; nothing: it is not kept any more, or never was.
  [[nodiscard]] std::optional<crypto::Hash128> chain_at(std::uint64_t seq) const;
  /// Records up to `hwm` are at the hub; returns when each of them was written.
  std::vector<MonoTime> forget(std::uint64_t hwm);
  /// When the oldest record that is not acknowledged was written.
  [[nodiscard]] std::optional<MonoTime> oldest() const;

 private:
  struct Kept {
    Bytes record;
    crypto::Hash128 chain{};
    MonoTime written;
  };

  NodeId node_;
  Incarnation inc_;
  SiteId site_;
  std::uint64_t acked_ = 0;
  crypto::Hash128 chain_acked_;
  Hlc last_;
  std::deque<Kept> kept_;
};

}  // namespace cairn::simulator::fleet
