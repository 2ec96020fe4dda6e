#pragma once
// Names and events to write tests with.

#include "core/domain/event.h"
#include "core/wire/record.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage::test {

SiteId site(std::string_view text);
Sku sku(std::string_view text);
LocationCode bin(std::string_view text);
/// The same number always gives the same name; greater numbers sort later.
Uuid uuid(std::uint64_t number);
inline NodeId node(std::uint64_t number) { return NodeId(uuid(number)); }
inline UserId user(std::uint64_t number) { return UserId(uuid(number)); }
inline OrderId order_id(std::uint64_t number) { return OrderId(uuid(number)); }
inline ShipGroupId group_id(std::uint64_t number) { return ShipGroupId(uuid(number)); }
/// A valid GTIN-13 with `number` in it.
Gtin gtin(std::uint64_t number);
Money pounds(std::int64_t minor);
constexpr std::int64_t pieces(std::int64_t count) { return count * kMilliPerUnit; }
/// A stamp so many milliseconds after an arbitrary beginning.
constexpr Hlc at_ms(std::uint64_t ms) { return Hlc{(1'790'000'000'000ULL + ms) << 16U}; }

/// Article `text`, GTIN gtin(number).
domain::Product product(std::string_view text, std::uint64_t number);

struct Wanted {
  std::uint32_t line = 1;
  std::string_view sku = "A1";
  std::int64_t units = 1;
};
domain::ShipGroupAllocated allocated(ShipGroupId group, OrderId order,
                                     const std::vector<Wanted>& lines);
domain::StockMoved moved(std::string_view sku, std::string_view from, std::string_view to,
                         std::int64_t milli);
domain::StockCounted counted(std::string_view sku, std::string_view location, std::int64_t milli,
                             domain::CountSource source = domain::CountSource::kRecount);
domain::OrderPlaced placed(std::string_view external_id, const std::vector<Wanted>& lines);

/// The record of an event as some author wrote it.
wire::Record record(const domain::Event& event, const domain::Key& key, const SiteId& site,
                    Hlc hlc);
Bytes octets(const wire::Record& record);
inline Bytes octets(const domain::Event& event, const domain::Key& key, const SiteId& site,
                    Hlc hlc) {
  return octets(record(event, key, site, hlc));
}

}  // namespace cairn::storage::test
