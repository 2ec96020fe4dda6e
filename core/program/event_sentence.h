#pragma once
// What happened to an order, in plain English: one sentence for each event of an order, a ship
// group or a return. For the order's timeline. Pure; any thread.

#include "core/domain/event.h"

#include <map>
#include <string>

namespace cairn::program {

/// What the events themselves name by number only.
struct SentenceNames {
  std::map<LineNo, std::string> articles;  ///< by line of the order
  std::map<UserId, std::string> people;
};

/// The event's own name for what happens to no order.
std::string event_sentence(const domain::Event& event, const SiteId& site,
                           const SentenceNames& names);

}  // namespace cairn::program
