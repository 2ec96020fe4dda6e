#include "core/wire/event_codec.h"

#include "core/domain/registry.h"
#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include <fmt/format.h>

namespace cairn::wire {
namespace {

Bytes encode(const domain::ReferenceEvent& event) { return encode_reference(event); }
Bytes encode(const domain::StockEvent& event) { return encode_stock(event); }
Bytes encode(const domain::OrderEvent& event) { return encode_order(event); }
Bytes encode(const domain::ShipGroupEvent& event) { return encode_ship_group(event); }
Bytes encode(const domain::ReturnEvent& event) { return encode_return(event); }
Bytes encode(const domain::PaymentEvent& event) { return encode_payment(event); }
Bytes encode(const domain::StoredValueEvent& event) { return encode_stored_value(event); }
Bytes encode(const domain::DeviceEvent& event) { return encode_device(event); }
Bytes encode(const domain::PromiseEvent& event) { return encode_promise(event); }
Bytes encode(const domain::RoutingEvent& event) { return encode_routing(event); }
Bytes encode(const domain::LeaseEvent& event) { return encode_lease(event); }
Bytes encode(const domain::PromotionEvent& event) { return encode_promotion(event); }

domain::Event decode(const domain::EventType& type, BytesView payload) {
  if (type.fold == domain::FoldClass::kDevice) return decode_device(type.id, payload);
  switch (type.aggregate) {
    case domain::AggregateKind::kNone:
      return decode_stock(type.id, payload);
    case domain::AggregateKind::kOrder:
      return decode_order(type.id, payload);
    case domain::AggregateKind::kShipGroup:
      return decode_ship_group(type.id, payload);
    case domain::AggregateKind::kReturnLedger:
      return decode_return(type.id, payload);
    case domain::AggregateKind::kChannel:
    case domain::AggregateKind::kSafetyStock:
    case domain::AggregateKind::kReservation:
    case domain::AggregateKind::kSupply:
      return decode_promise(type.id, payload);
    case domain::AggregateKind::kRuleSet:
      return decode_routing(payload);
    case domain::AggregateKind::kStockLease:
    case domain::AggregateKind::kLeasePolicy:
      return decode_lease(type.id, payload);
    case domain::AggregateKind::kPromotion:
      return decode_promotion(payload);
    case domain::AggregateKind::kPayment:
      return decode_payment(type.id, payload);
    case domain::AggregateKind::kStoredValue:
      return decode_stored_value(type.id, payload);
    default:
      return decode_reference(type.id, payload);
  }
}

}  // namespace

Bytes encode_payload(const domain::Event& event) {
  return std::visit([](const auto& family) { return encode(family); }, event);
}

Result<domain::Event> decode_event(std::uint32_t type, std::uint32_t sv, BytesView payload) {
  const auto known = domain::find_event_type(type);
  if (!known) {
    return fail(ErrorCode::kNotFound, "unknown_event_type", fmt::format("event type {}", type));
  }
  if (sv == 0 || sv > known->version) {
    return fail(ErrorCode::kNotFound, "unknown_event_version",
                fmt::format("{} in version {}", known->name, sv));
  }
  try {
    return decode(*known, payload);
  } catch (const BadField& field) {
    return fail(ErrorCode::kCorrupt, "bad_payload", fmt::format("{}: {}", known->name, field.what));
  }
}

}  // namespace cairn::wire
