#include "central/api/order_request.h"

#include "central/api/contact_request.h"
#include "central/api/promotion_request.h"
#include "central/api/request_values.h"
#include "core/json/reader.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace cairn::central {
namespace {

using json::Reader;

constexpr std::size_t kReservationsMost = 2000;
constexpr int kUdegPlaces = 6;

/// {"minor": 199, "currency": "GBP"}, not below zero, in the order's currency.
Money read_amount(Reader& in, std::string_view name, const Currency& currency) {
  Reader money = in.object(name);
  const std::int64_t minor = money.integer("minor", 0, kMaxMinor);
  const std::string text = money.text("currency", {3, 3});
  if (text != currency.text()) {
    money.problem("currency",
                  fmt::format("an order has one currency, and this one's is {}", currency.text()));
  }
  return {minor, currency};
}

std::int64_t optional_minor(Reader& in, std::string_view name) {
  return in.optional_integer(name, 0, kMaxMinor).value_or(0);
}

domain::OrderLine read_line(Reader& in, std::size_t position, const Currency& currency) {
  domain::OrderLine line;
  line.line = LineNo(static_cast<std::uint32_t>(
      in.optional_integer("line", 1, UINT32_MAX).value_or(static_cast<std::int64_t>(position))));
  line.sku = value_or_problem(in, "sku", Sku::parse(in.text("sku", {1, 64})));
  line.name = in.optional_text("name", {1, 200}).value_or("");
  line.ordered.milli = in.integer("quantity_milli", 1, kMaxMilli);
  line.unit_price = read_amount(in, "unit_price", currency);
  line.discount_minor = optional_minor(in, "discount_minor");
  line.tax_minor = optional_minor(in, "tax_minor");
  line.service = in.boolean_or("service", false);
  line.together =
      static_cast<std::uint32_t>(in.optional_integer("together", 1, UINT32_MAX).value_or(0));
  return line;
}

void read_lines(Reader& in, domain::OrderPlaced& order, const Currency& currency) {
  std::uint32_t last = 0;
  for (Reader& line : in.objects("lines", domain::kMaxOrderLines - 1)) {
    order.lines.push_back(read_line(line, order.lines.size() + 1, currency));
    last = std::max(last, order.lines.back().line.value());
  }
  if (in.has("lines") && order.lines.empty()) in.problem("lines", "an order needs at least one");
  if (!in.has("shipping")) return;
  Reader shipping = in.object("shipping");
  domain::OrderLine postage;
  if (last == UINT32_MAX) in.problem("shipping", "no line number is left for it");
  postage.line = LineNo(last + 1);
  postage.sku = *Sku::parse("SHIPPING");
  postage.name = shipping.optional_text("name", {1, 200}).value_or("Shipping");
  postage.ordered = Quantity::pieces(1);
  postage.unit_price = {shipping.integer("amount_minor", 0, kMaxMinor), currency};
  postage.tax_minor = optional_minor(shipping, "tax_minor");
  postage.service = true;
  order.lines.push_back(std::move(postage));
}

void read_discounts(Reader& in, domain::OrderPlaced& order) {
  if (!in.has("discounts")) return;
  for (Reader& discount : in.objects("discounts", domain::kMaxOrderDiscounts)) {
    order.discounts.push_back(
        {discount.text("code", {1, 64}), discount.integer("amount_minor", 1, kMaxMinor)});
  }
}

std::optional<GeoPoint> read_destination(Reader& in) {
  if (!in.has("destination")) return std::nullopt;
  Reader point = in.object("destination");
  return GeoPoint{
      static_cast<std::int32_t>(point.decimal("latitude", kUdegPlaces, -90'000'000, 90'000'000)),
      static_cast<std::int32_t>(
          point.decimal("longitude", kUdegPlaces, -180'000'000, 180'000'000))};
}

void read_delivery(Reader& in, domain::OrderPlaced& order) {
  order.destination = read_destination(in).value_or(GeoPoint{});
  if (const auto method = in.optional_text("method", {1, 16})) {
    order.method = value_or_problem(in, "method", domain::parse_fulfilment_method(*method));
  }
  const auto site = in.optional_text("pickup_site", {1, 32});
  if (site) order.pickup_site = value_or_problem(in, "pickup_site", SiteId::parse(*site));
  const bool pickup = order.method == domain::FulfilmentMethod::kPickup;
  if (pickup && !site) in.problem("pickup_site", "is missing: where does the customer come to?");
  if (!pickup && site) in.problem("pickup_site", "is for orders with method PICKUP");
}

std::optional<UtcTime> optional_time(Reader& in, std::string_view name) {
  const auto text = in.optional_text(name, {1, 40});
  if (!text) return std::nullopt;
  return value_or_problem(in, name, UtcTime::parse(*text));
}

void read_terms(Reader& in, domain::Delivery& delivery) {
  if (!in.has("delivery")) return;
  using domain::Delivery;
  Reader terms = in.object("delivery");
  delivery.priority = terms.optional_integer("priority", 0, Delivery::kMaxPriority).value_or(0);
  delivery.shipping_method =
      terms.optional_text("shipping_method", {1, Delivery::kMaxShippingMethod}).value_or("");
  delivery.delivery_days =
      terms.optional_integer("delivery_days", 0, Delivery::kMaxDeliveryDays).value_or(0);
  delivery.ship_after = optional_time(terms, "ship_after");
  delivery.ship_by = optional_time(terms, "ship_by");
  delivery.promised_at = optional_time(terms, "promised_at");
  delivery.country = terms.optional_text("country", {2, 2}).value_or("");
}

void read_reservations(Reader& in, CaptureOrder& wanted) {
  if (!in.has("reservations")) return;
  for (const json::Value& value : in.values("reservations", kReservationsMost)) {
    const std::string text = value.dump();  // a JSON string: with its quotes
    const auto id = Uuid::parse(text.size() > 2 ? text.substr(1, text.size() - 2) : "");
    if (id) wanted.reservations.emplace_back(*id);
    if (!id) in.problem("reservations", "must be names of reservations (UUIDs)");
  }
}

/// What is bought, and what it costs.
void read_prices(Reader& in, CaptureOrder& wanted) {
  domain::OrderPlaced& order = wanted.order;
  order.channel = in.text("channel", {1, 32});
  order.customer = in.optional_text("customer", {0, 64}).value_or("");
  read_delivery(in, order);
  read_terms(in, order.delivery);
  const auto currency =
      value_or_problem(in, "currency", Currency::parse(in.text("currency", {3, 3})));
  order.tax_added = !in.boolean_or("tax_included", true);
  read_lines(in, order, currency);
  read_discounts(in, order);
  if (in.has("total")) wanted.total = read_amount(in, "total", currency);
  wanted.promotions = read_wanted_promotions(in);
}

/// Its number is the next one that is free if it does not say one.
domain::OrderLine read_added_line(Reader& in) {
  Reader price = in.object("unit_price");
  const auto currency = Currency::parse(price.text("currency", {3, 3}));
  return read_line(in, 0, currency.value_or(Currency()));
}

}  // namespace

Result<OrderChange> read_change_request(std::string_view text) {
  const auto body = json::parse(text);
  if (!body) return fail(body.error());
  Reader in(*body);
  OrderChange change;
  if (in.has("add")) {
    for (Reader& line : in.objects("add", domain::kMaxOrderLines)) {
      change.add.push_back(read_added_line(line));
    }
  }
  if (in.has("quantities")) {
    for (Reader& one : in.objects("quantities", domain::kMaxOrderLines)) {
      const auto line = static_cast<std::uint32_t>(one.integer("line", 1, UINT32_MAX));
      change.quantities.push_back({LineNo(line), one.integer("quantity_milli", 0, kMaxMilli)});
    }
  }
  if (const auto method = in.optional_text("method", {1, 16})) {
    change.delivery.method =
        value_or_problem(in, "method", domain::parse_fulfilment_method(*method));
  }
  if (const auto site = in.optional_text("pickup_site", {1, 32})) {
    change.delivery.pickup_site = value_or_problem(in, "pickup_site", SiteId::parse(*site));
  }
  change.delivery.destination = read_destination(in);
  change.note = in.optional_text("note", {0, domain::kMaxOrderNote}).value_or("");
  change.allow_backorder = in.boolean_or("allow_backorder", false);
  const bool elsewhere =
      change.delivery.method || change.delivery.pickup_site || change.delivery.destination;
  if (change.add.empty() && change.quantities.empty() && !elsewhere) {
    in.problem("add",
               "nothing is to be changed: say add, quantities, method, pickup_site or "
               "destination");
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return change;
}

Result<OrderRequest> read_order_request(std::string_view text) {
  const auto body = json::parse(text);
  if (!body) return fail(body.error());
  Reader in(*body);
  OrderRequest request;
  CaptureOrder& wanted = request.wanted;
  domain::OrderPlaced& order = wanted.order;
  order.external_id = in.text("external_id", {1, 64});
  if (const auto sale = in.optional_text("sale", {1, 16})) {
    order.sale = value_or_problem(in, "sale", domain::parse_sale_kind(*sale));
  }
  order.placed_at =
      value_or_problem(in, "placed_at", UtcTime::parse(in.text("placed_at", {1, 40})));
  read_delivery(in, order);
  read_prices(in, wanted);
  read_reservations(in, wanted);
  wanted.allow_backorder = in.boolean_or("allow_backorder", false);
  if (in.has("contact")) {
    Reader contact = in.object("contact");
    request.contact = read_contact(contact);
    const auto ok = validate(*request.contact);
    if (!ok) contact.problem("email", ok.error().message);
  }
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return request;
}

Result<CaptureOrder> read_basket_request(std::string_view text) {
  const auto body = json::parse(text);
  if (!body) return fail(body.error());
  Reader in(*body);
  CaptureOrder basket;
  read_prices(in, basket);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return basket;
}

}  // namespace cairn::central
