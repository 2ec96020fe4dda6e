#include "core/domain/routing/parking_queue.h"

#include <array>
#include <string>
#include <utility>

namespace cairn::domain {
namespace {

constexpr std::array<std::pair<ParkingQueue, std::string_view>, 9> kQueues = {{
    {ParkingQueue::kBrokering, "BROKERING"},
    {ParkingQueue::kUnfillable, "UNFILLABLE_PARKING"},
    {ParkingQueue::kUnfillableHold, "UNFILLABLE_HOLD"},
    {ParkingQueue::kRejected, "REJECTED_ITEM_PARKING"},
    {ParkingQueue::kPickupRejected, "PICKUP_REJECTED"},
    {ParkingQueue::kReleased, "RELEASED_ORDER_PARKING"},
    {ParkingQueue::kPreorder, "PREORDER_PARKING"},
    {ParkingQueue::kBackorder, "BACKORDER_PARKING"},
    {ParkingQueue::kCustomerService, "CUSTOMER_SERVICE"},
}};

}  // namespace

std::string_view name_of(ParkingQueue queue) {
  for (const auto& [known, name] : kQueues) {
    if (known == queue) return name;
  }
  return "";
}

Result<ParkingQueue> parse_parking_queue(std::string_view text) {
  std::string all;
  for (const auto& [known, name] : kQueues) {
    if (name == text) return known;
    all += (all.empty() ? "" : ", ") + std::string(name);
  }
  return fail(ErrorCode::kInvalid, "bad_queue", "a queue is one of " + all);
}

bool is_routed(ParkingQueue queue) {
  return queue != ParkingQueue::kPickupRejected && queue != ParkingQueue::kCustomerService;
}

bool waits_for_people(ParkingQueue queue) {
  return queue == ParkingQueue::kUnfillableHold || queue == ParkingQueue::kCustomerService;
}

}  // namespace cairn::domain
