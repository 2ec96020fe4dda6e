#pragma once
// How the hub knows its own hand: each of its records travels with 8 octets that only its secret
// can make. A hub that was put back is given its lost records back by nodes, and believes those
// that bear them. Pure.

#include "core/wire/feed_frame.h"

#include <string>

namespace cairn::sync {

class FeedSeal {
 public:
  /// `key`: the hub's secret, 32 octets.
  explicit FeedSeal(Bytes key) : key_(std::move(key)) {}

  [[nodiscard]] Bytes of(const std::string& feed, const EventRef& ref, BytesView record) const;
  /// item.inc: the generation that wrote it, never 0.
  [[nodiscard]] bool holds(const std::string& feed, NodeId hub, const wire::HubItem& item) const;

 private:
  Bytes key_;
};

}  // namespace cairn::sync
