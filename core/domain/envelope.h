#pragma once
// What every event carries besides its own words: who, when, where. Pure data.

#include "core/base/hlc.h"
#include "core/base/ids.h"

namespace cairn::domain {

struct Envelope {
  EventRef ref;  ///< the event's identity
  Hlc hlc;       ///< the author's stamp
  UserId actor;  ///< nil: the system
  SiteId site;   ///< the site it happened at or was decided for; empty: head office
};

/// An event as it stands in a log.
template <class Event>
struct Recorded {
  Envelope meta;
  Event event;
};

}  // namespace cairn::domain
