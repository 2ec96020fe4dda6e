#pragma once
// What a store writes on a day, as a stream without end: units go from bins into totes, out of the
// house, into bins; now and then somebody counts. Few articles sell often, many seldom. The same
// seed gives the same day.

#include "core/domain/stock/stock.h"
#include "core/storage/replica.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::bench {

/// Numbers that look like chance and are not: SplitMix64.
class Sequence {
 public:
  explicit Sequence(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// 0 to `below` - 1.
  std::uint64_t below(std::uint64_t below) { return next() % below; }

 private:
  std::uint64_t state_;
};

Uuid numbered_uuid(std::uint64_t kind, std::uint64_t number);
Sku numbered_sku(std::uint64_t number);
LocationCode bin_of(std::uint64_t sku);

class StoreDay {
 public:
  static constexpr std::uint64_t kSkus = 20'000;

  StoreDay(SiteId site, std::uint64_t seed) : site_(std::move(site)), chance_(seed) {}

  /// The next event; its kind is stock, so that it has no key.
  storage::NewEvent next();
  /// Its stamp; each is some hundred milliseconds after the one before.
  Hlc stamp();
  /// The next event as its author's record.
  Bytes record();

 private:
  domain::StockEvent moved(std::uint64_t sku);

  SiteId site_;
  Sequence chance_;
  std::uint64_t ms_ = 1'790'000'000'000ULL;
  std::uint64_t group_ = 0;
  std::uint64_t person_ = 0;
  std::uint64_t left_in_group_ = 0;
};

/// A node's log, made beforehand and cut into frames as its uplink would.
struct FramedLog {
  NodeId node;
  Incarnation inc{1};
  std::vector<Bytes> frames;
  std::vector<std::uint64_t> last;  ///< of each frame
  std::uint64_t octets = 0;         ///< of all frames
};

/// Adds `records` more, full frames as a backlog makes them. `chain`: of the last record so far.
void add_frames(FramedLog& log, crypto::Hash128& chain, std::uint64_t& head,
                const std::vector<Bytes>& records);

}  // namespace cairn::bench
