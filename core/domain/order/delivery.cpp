#include "core/domain/order/delivery.h"

#include "core/base/stamp_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_delivery(std::string why) {
  return fail(ErrorCode::kInvalid, "bad_order", std::move(why));
}

}  // namespace

Result<> validate(const Delivery& delivery) {
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (delivery.priority < 0 || delivery.priority > Delivery::kMaxPriority) {
    return bad_delivery(fmt::format("a priority is 0 to {}", Delivery::kMaxPriority));
  }
  if (delivery.shipping_method.size() > Delivery::kMaxShippingMethod ||
      !std::ranges::all_of(delivery.shipping_method, printable)) {
    return bad_delivery(
        fmt::format("a shipping method has at most {} letters, digits and signs without blanks",
                    Delivery::kMaxShippingMethod));
  }
  if (delivery.delivery_days < 0 || delivery.delivery_days > Delivery::kMaxDeliveryDays) {
    return bad_delivery(fmt::format("a delivery takes 0 to {} days", Delivery::kMaxDeliveryDays));
  }
  for (const auto& at : {delivery.ship_after, delivery.ship_by, delivery.promised_at}) {
    if (at && (at->us <= 0 || !is_recordable(*at))) {
      return bad_delivery("an order goes out after 1970 and before the year 6429");
    }
  }
  if (delivery.ship_after && delivery.ship_by && *delivery.ship_by < *delivery.ship_after) {
    return bad_delivery("an order cannot be shipped by a time before ship_after");
  }
  const bool country = delivery.country.empty() || (delivery.country.size() == 2 &&
                                                    std::ranges::all_of(delivery.country, capital));
  if (!country) return bad_delivery("a country is two capitals, as in ISO 3166-1");
  return {};
}

std::int64_t promise_days(const Delivery& delivery, UtcTime now) {
  constexpr std::int64_t kDay = Duration(std::chrono::hours(24)).count();
  if (!delivery.promised_at || *delivery.promised_at <= now) return 0;
  const std::int64_t left = delivery.promised_at->us - now.us;
  return left / kDay + (left % kDay > 0 ? 1 : 0);
}

}  // namespace cairn::domain
