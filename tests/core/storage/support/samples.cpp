#include "tests/core/storage/support/samples.h"

#include "core/base/assert.h"
#include "core/domain/registry.h"
#include "core/wire/event_codec.h"

#include <fmt/format.h>

namespace cairn::storage::test {
namespace {

template <class T>
T good(Result<T> result) {
  CAIRN_ASSERT(result.has_value(), "a test's own values are well-formed");
  return *std::move(result);
}

LocationCode place(std::string_view text) { return text.empty() ? LocationCode{} : bin(text); }

}  // namespace

SiteId site(std::string_view text) { return good(SiteId::parse(text)); }
Sku sku(std::string_view text) { return good(Sku::parse(text)); }
LocationCode bin(std::string_view text) { return good(LocationCode::parse(text)); }

Uuid uuid(std::uint64_t number) {
  std::array<std::uint8_t, Uuid::kSize> octets{0x01, 0x95, 0, 0, 0, 0, 0x70, 0, 0x80};
  for (unsigned i = 0; i < 7; ++i) {
    octets.at(15 - i) = static_cast<std::uint8_t>(number >> (8U * i));
  }
  return Uuid(octets);
}

Gtin gtin(std::uint64_t number) {
  const std::string digits = fmt::format("952000{:06}", number);
  return good(Gtin::parse(fmt::format("{}{}", digits, gs1_check_digit(digits))));
}

Money pounds(std::int64_t minor) { return {minor, good(Currency::parse("GBP"))}; }

domain::Product product(std::string_view text, std::uint64_t number) {
  domain::Product product;
  product.sku = sku(text);
  product.name = fmt::format("Article {}", text);
  product.gtins = {gtin(number)};
  product.unit_weight_mg = 250'000;
  product.price = pounds(199);
  return product;
}

domain::ShipGroupAllocated allocated(ShipGroupId group, OrderId order,
                                     const std::vector<Wanted>& lines) {
  domain::ShipGroupAllocated event;
  event.group = group;
  event.order = order;
  event.order_reference = "web-1";
  for (const Wanted& wanted : lines) {
    domain::ShipGroupLine line;
    line.line = LineNo(wanted.line);
    line.sku = sku(wanted.sku);
    line.name = fmt::format("Article {}", wanted.sku);
    line.unit_price = pounds(199);
    line.ordered = Quantity::pieces(wanted.units);
    event.lines.push_back(std::move(line));
  }
  return event;
}

domain::StockMoved moved(std::string_view article, std::string_view from, std::string_view to,
                         std::int64_t milli) {
  domain::StockMoved event;
  event.sku = sku(article);
  event.from = place(from);
  event.to = place(to);
  event.quantity = {milli, Uom::kPiece};
  event.reason = from.empty() ? domain::MovementReason::kReceipt : domain::MovementReason::kPick;
  return event;
}

domain::StockCounted counted(std::string_view article, std::string_view location,
                             std::int64_t milli, domain::CountSource source) {
  return {sku(article), bin(location), {milli, Uom::kPiece}, source};
}

domain::OrderPlaced placed(std::string_view external_id, const std::vector<Wanted>& lines) {
  domain::OrderPlaced event;
  event.channel = "web";
  event.external_id = external_id;
  event.placed_at = {1'790'000'000'000'000};
  event.customer = "customer-7";
  event.destination = {51'500'000, -100'000};
  for (const Wanted& wanted : lines) {
    event.lines.push_back({LineNo(wanted.line), sku(wanted.sku),
                           fmt::format("Article {}", wanted.sku), Quantity::pieces(wanted.units),
                           pounds(199), false});
  }
  return event;
}

wire::Record record(const domain::Event& event, const domain::Key& key, const SiteId& at, Hlc hlc) {
  const auto type = domain::find_event_type(domain::type_of(event));
  CAIRN_ASSERT(type.has_value(), "every event is in the registry");
  wire::Record record;
  record.hlc = hlc;
  record.type = type->id;
  record.sv = type->version;
  record.actor = user(9);
  record.site = at;
  record.key = key.bytes();
  record.payload = wire::encode_payload(event);
  return record;
}

Bytes octets(const wire::Record& record) { return good(wire::encode_record(record)); }

}  // namespace cairn::storage::test
