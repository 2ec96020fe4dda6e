#pragma once
// Short spellings of values that tests need by the dozen. A text that does not parse throws.

#include "core/base/gtin.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/time.h"

#include <cstdint>
#include <string_view>

namespace cairn::test {

/// 01920000-0000-7000-8000-0000000000nn
inline Uuid uuid(std::uint8_t n) {
  return Uuid({0x01, 0x92, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n});
}
inline NodeId node(std::uint8_t n) { return NodeId(uuid(n)); }
inline UserId user(std::uint8_t n) { return UserId(uuid(n)); }
inline OrderId order_id(std::uint8_t n) { return OrderId(uuid(n)); }
inline ShipGroupId ship_group_id(std::uint8_t n) { return ShipGroupId(uuid(n)); }

inline Sku sku(std::string_view text) { return Sku::parse(text).value(); }
inline SiteId site(std::string_view text) { return SiteId::parse(text).value(); }
inline LocationCode location(std::string_view text) { return LocationCode::parse(text).value(); }
inline Gtin gtin(std::string_view digits) { return Gtin::parse(digits).value(); }
inline Currency currency(std::string_view code) { return Currency::parse(code).value(); }
inline Money gbp(std::int64_t pence) { return {pence, currency("GBP")}; }
inline UtcTime utc(std::string_view text) { return UtcTime::parse(text).value(); }

}  // namespace cairn::test
