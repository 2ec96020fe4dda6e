#pragma once
// The codec of each aggregate; private to core/wire. Decoders throw BadField.

#include "core/domain/event.h"

namespace cairn::wire {

Bytes encode_reference(const domain::ReferenceEvent& event);
Bytes encode_stock(const domain::StockEvent& event);
Bytes encode_order(const domain::OrderEvent& event);
Bytes encode_ship_group(const domain::ShipGroupEvent& event);
Bytes encode_return(const domain::ReturnEvent& event);
Bytes encode_payment(const domain::PaymentEvent& event);
Bytes encode_stored_value(const domain::StoredValueEvent& event);
Bytes encode_device(const domain::DeviceEvent& event);
Bytes encode_promise(const domain::PromiseEvent& event);
Bytes encode_routing(const domain::RoutingEvent& event);
Bytes encode_lease(const domain::LeaseEvent& event);
Bytes encode_promotion(const domain::PromotionEvent& event);

domain::ReferenceEvent decode_reference(std::uint32_t type, BytesView payload);
domain::StockEvent decode_stock(std::uint32_t type, BytesView payload);
domain::OrderEvent decode_order(std::uint32_t type, BytesView payload);
domain::ShipGroupEvent decode_ship_group(std::uint32_t type, BytesView payload);
domain::ReturnEvent decode_return(std::uint32_t type, BytesView payload);
domain::PaymentEvent decode_payment(std::uint32_t type, BytesView payload);
domain::StoredValueEvent decode_stored_value(std::uint32_t type, BytesView payload);
domain::DeviceEvent decode_device(std::uint32_t type, BytesView payload);
domain::PromiseEvent decode_promise(std::uint32_t type, BytesView payload);
domain::RoutingEvent decode_routing(BytesView payload);
domain::LeaseEvent decode_lease(std::uint32_t type, BytesView payload);
domain::PromotionEvent decode_promotion(BytesView payload);

}  // namespace cairn::wire
