#include "central/capture/shopify_order.h"

#include "core/base/numbers.h"
#include "core/json/reader.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace cairn::central {
namespace {

using json::Reader;

constexpr std::size_t kManyInside = 100;  // taxes, discounts of one line
constexpr int kDegreePlaces = 6;
constexpr std::size_t kSecondsEnd = 19;  // "2026-11-24T08:15:30"
constexpr std::int64_t kUsPerMinute = 60'000'000;

/// RFC 3339 with an offset, as the shop's own time zone has it: "2026-11-24T08:15:30-05:00".
Result<UtcTime> parse_local_time(const std::string& text) {
  const std::size_t sign = text.find_first_of("+-", std::min(kSecondsEnd, text.size()));
  if (sign == std::string::npos) return UtcTime::parse(text);
  const auto local = UtcTime::parse(text.substr(0, sign) + "Z");
  const std::string offset = text.substr(sign + 1);
  const bool formed = offset.size() == 5 && offset[2] == ':';
  const auto hours = parse_unsigned(formed ? offset.substr(0, 2) : "");
  const auto minutes = parse_unsigned(formed ? offset.substr(3) : "");
  if (!local || !hours || !minutes || *hours > 23 || *minutes > 59) {
    return fail(ErrorCode::kInvalid, "bad_time", "must be a time as in RFC 3339");
  }
  const auto ahead = static_cast<std::int64_t>(*hours * 60 + *minutes) * kUsPerMinute;
  return UtcTime{local->us + (text[sign] == '-' ? ahead : -ahead)};
}

/// An amount as text, "12.50".
std::int64_t amount(Reader& in, std::string_view name, const Currency& currency) {
  const auto money = Money::parse(in.as_text(name), currency);
  if (money && money->minor >= 0 && money->minor <= kMaxMinor) return money->minor;
  in.problem(name, "must be an amount of the order's currency, not below zero");
  return 0;
}

/// The sum of a member of each entry of a list that may be absent.
std::int64_t sum(Reader& in, std::string_view list, std::string_view member,
                 const Currency& currency) {
  std::int64_t minor = 0;
  if (!in.has(list)) return minor;
  for (Reader& entry : in.objects(list, kManyInside)) minor += amount(entry, member, currency);
  return minor;
}

/// What goods and postage have in common.
void read_amounts(Reader& in, domain::OrderLine& line, const Currency& currency) {
  line.unit_price = {amount(in, "price", currency), currency};
  line.discount_minor = sum(in, "discount_allocations", "amount", currency);
  line.tax_minor = sum(in, "tax_lines", "price", currency);
}

/// At most 200 octets, no part of a letter.
std::string cut_name(std::string name) {
  constexpr std::size_t kMost = 200;
  if (name.size() <= kMost) return name;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  name.resize(end);
  return name;
}

void read_goods(Reader& in, domain::OrderPlaced& order, const Currency& currency) {
  for (Reader& item : in.objects("line_items", domain::kMaxOrderLines)) {
    domain::OrderLine line;
    line.line = LineNo(static_cast<std::uint32_t>(order.lines.size() + 1));
    const auto sku = Sku::parse(item.as_text("sku"));
    if (!sku) item.problem("sku", sku.error().message);
    if (sku) line.sku = *sku;
    line.name = cut_name(item.as_text("name"));
    line.ordered.milli = item.integer("quantity", 1, kMaxMilli / kMilliPerUnit) * kMilliPerUnit;
    read_amounts(item, line, currency);
    order.lines.push_back(std::move(line));
  }
}

void read_postage(Reader& in, domain::OrderPlaced& order, const Currency& currency) {
  if (!in.has("shipping_lines")) return;
  for (Reader& postage : in.objects("shipping_lines", kManyInside)) {
    domain::OrderLine line;
    line.line = LineNo(static_cast<std::uint32_t>(order.lines.size() + 1));
    line.sku = *Sku::parse("SHIPPING");
    line.name = cut_name(postage.as_text("title"));
    line.ordered = Quantity::pieces(1);
    line.service = true;
    read_amounts(postage, line, currency);
    order.lines.push_back(std::move(line));
  }
}

/// Degrees to the millionth; the shop may tell more places.
std::optional<std::int32_t> degrees(const Reader& in, std::string_view name, std::int64_t most) {
  std::string text = in.as_text(name);
  const std::size_t point = text.find('.');
  if (point != std::string::npos) text = text.substr(0, point + 1 + kDegreePlaces);
  const auto scaled = parse_decimal(text, kDegreePlaces);
  if (!scaled || *scaled < -most || *scaled > most) return std::nullopt;
  return static_cast<std::int32_t>(*scaled);
}

/// 0, 0 where the shop does not know it.
GeoPoint read_position(Reader& in) {
  if (!in.has("shipping_address")) return {};
  const Reader address = in.object("shipping_address");
  const auto latitude = degrees(address, "latitude", 90'000'000);
  const auto longitude = degrees(address, "longitude", 180'000'000);
  if (!latitude || !longitude) return {};
  return {*latitude, *longitude};
}

/// Empty where the shop does not know it, or not as ISO 3166-1 has it.
std::string read_country(Reader& in) {
  if (!in.has("shipping_address")) return "";
  domain::Delivery told;
  told.country = in.object("shipping_address").as_text("country_code");
  return domain::validate(told) ? told.country : "";
}

}  // namespace

std::string shopify_order_number(std::string_view payload) {
  const auto body = json::parse(payload);
  if (!body) return "";
  Reader in(*body, Reader::Unknown::kIgnored);
  std::string number = in.as_text("id");
  return number.size() <= 64 ? number : "";
}

bool is_cancelled_shopify_order(std::string_view payload) {
  const auto body = json::parse(payload);
  return body && Reader(*body, Reader::Unknown::kIgnored).has("cancelled_at");
}

Result<CaptureOrder> read_shopify_order(const std::string& channel, std::string_view payload) {
  const auto body = json::parse(payload);
  if (!body) return fail(body.error());
  Reader in(*body, Reader::Unknown::kIgnored);
  CaptureOrder wanted;
  domain::OrderPlaced& order = wanted.order;
  order.channel = channel;
  order.external_id = in.as_text("id");
  if (order.external_id.empty()) in.problem("id", "is missing");
  const auto placed_at = parse_local_time(in.text("created_at", {1, 40}));
  if (!placed_at) in.problem("created_at", placed_at.error().message);
  if (placed_at) order.placed_at = *placed_at;
  const auto currency = Currency::parse(in.text("currency", {3, 3}));
  if (!currency) in.problem("currency", "must be three capitals, as in ISO 4217");
  if (in.has("customer")) order.customer = in.object("customer").as_text("id");
  order.destination = read_position(in);
  order.delivery.country = read_country(in);
  order.sale = domain::SaleKind::kWeb;
  order.tax_added = !in.boolean_or("taxes_included", false);
  const Currency money = currency.value_or(Currency());
  read_goods(in, order, money);
  read_postage(in, order, money);
  wanted.total = Money{amount(in, "total_price", money), money};
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return wanted;
}

}  // namespace cairn::central
