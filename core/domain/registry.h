#pragma once
// THE list of event types: one row each. Numbers and names are never reused; a retired type stays
// listed.

#include "core/domain/key.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::domain {

/// How replicas come to the same state (docs/protocol.md, convergence).
enum class FoldClass : std::uint8_t {
  kReference,    ///< written by the hub only; the last in feed order holds
  kCommutative,  ///< a function of the set of events
  kOrdered,      ///< a fold over confirmed, then unconfirmed events of one key
  kHubOnly,      ///< ordered at the hub, never sent to a site
  kDevice,       ///< between the hub and one device: each says its own, order does not matter
};

/// Where the hub publishes the events it writes itself. A node's events always go to its site's
/// feed.
enum class HubFeed : std::uint8_t { kNone, kCatalogue, kSite, kNode };

/// Who may write it. From anybody else it is kept, but has no effect.
enum class Writers : std::uint8_t { kHub, kNodes, kBoth };

struct EventType {
  std::uint32_t id;
  std::string_view name;
  std::uint32_t version;  ///< written by this program; older ones are lifted when read
  AggregateKind aggregate;
  FoldClass fold;
  HubFeed feed;
  Writers writers;
};

inline constexpr std::size_t kEventTypes = 65;
const std::array<EventType, kEventTypes>& event_types();

/// Nothing for a type this program does not know (yet): it is parked, kept and passed on.
std::optional<EventType> find_event_type(std::uint32_t id);

bool may_write(const EventType& type, bool by_hub);

}  // namespace cairn::domain
