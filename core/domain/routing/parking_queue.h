#pragma once
// Where an order's units wait that no site has: a place like a site, so that "where is this line?"
// always has one answer (HotWax's parking facilities). Pure.

#include "core/base/result.h"

#include <cstdint>
#include <string_view>

namespace cairn::domain {

/// Numbers are stored: never reused.
enum class ParkingQueue : std::uint8_t {
  kBrokering = 1,       ///< to be routed
  kUnfillable = 2,      ///< no site can fill it; cancelled when its time is up
  kUnfillableHold = 3,  ///< the same, never cancelled by itself
  kRejected = 4,        ///< a site could not give it
  kPickupRejected =
      5,           ///< the pickup site could not give it: the customer chooses, nobody routes it
  kReleased = 6,   ///< given back by a site
  kPreorder = 7,   ///< not on sale yet
  kBackorder = 8,  ///< until supply arrives
  kCustomerService = 9,  ///< too many sites could not give it: a person decides, nobody routes it
};

/// "BROKERING", "UNFILLABLE_PARKING", ...; empty for a number that is none of them.
std::string_view name_of(ParkingQueue queue);
/// Errors: kInvalid "bad_queue" with the known ones.
Result<ParkingQueue> parse_parking_queue(std::string_view text);

/// What routing may take units from by itself: not a pickup that its customer was not asked about,
/// nor what customer service has to look at.
bool is_routed(ParkingQueue queue);

/// A person has to do something, so that no time is ever up there.
bool waits_for_people(ParkingQueue queue);

}  // namespace cairn::domain
