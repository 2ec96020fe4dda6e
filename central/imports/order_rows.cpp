#include "central/imports/order_rows.h"

#include "core/base/numbers.h"
#include "core/base/utf8.h"
#include "core/storage/projections/reference_data.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

/// 0 for an empty field. Errors: kInvalid "bad_number".
Result<std::int64_t> whole_number(std::string_view text, std::string_view name, std::int64_t most) {
  if (text.empty()) return 0;
  const auto number = parse_unsigned(text);
  if (number && *number <= static_cast<std::uint64_t>(most)) {
    return static_cast<std::int64_t>(*number);
  }
  return fail(
      ErrorCode::kInvalid, "bad_number",
      fmt::format("{} \"{}\" is not a whole number from 0 to {}", name, excerpt(text), most));
}

}  // namespace

OrderColumns::OrderColumns(const CsvTable& table)
    : order_id_(table, {"order_id"}),
      line_no_(table, {"line_no", "line"}),
      kind_(table, {"kind"}),
      sku_(table, {"sku"}),
      name_(table, {"name", "description"}),
      quantity_(table, {"quantity", "qty"}),
      unit_price_(table, {"unit_price", "price"}),
      ordered_at_(table, {"ordered_at"}),
      customer_(table, {"customer_id", "customer"}),
      is_product_(table, {"is_product"}),
      latitude_(table, {"latitude"}),
      longitude_(table, {"longitude"}),
      site_(table, {"site"}),
      method_(table, {"method"}),
      pickup_site_(table, {"pickup_site"}),
      priority_(table, {"priority"}),
      shipping_method_(table, {"shipping_method"}),
      delivery_days_(table, {"delivery_days"}),
      ship_after_(table, {"ship_after"}),
      ship_by_(table, {"ship_by"}),
      promised_at_(table, {"promised_at"}),
      country_(table, {"country_code"}),
      together_(table, {"together"}) {}

Result<> OrderColumns::check() const {
  return require_columns({{"order_id", order_id_.present()},
                          {"line_no", line_no_.present()},
                          {"sku", sku_.present()},
                          {"quantity", quantity_.present()},
                          {"unit_price", unit_price_.present()},
                          {"ordered_at", ordered_at_.present()}});
}

Result<OrderRowKind> OrderColumns::kind(const CsvRow& row) const {
  const std::string_view text = kind_.of(row);
  if (text.empty() || text == "order") return OrderRowKind::kOrder;
  if (text == "cancellation") return OrderRowKind::kCancellation;
  if (text == "adjustment") return OrderRowKind::kAdjustment;
  return fail(ErrorCode::kInvalid, "unknown_kind",
              fmt::format("kind \"{}\" is not order, cancellation or adjustment", excerpt(text)));
}

std::string OrderColumns::order_id(const CsvRow& row) const {
  return std::string(order_id_.of(row));
}

Result<LineNo> OrderColumns::line_no(const CsvRow& row) const {
  const std::string_view text = line_no_.of(row);
  const auto number = parse_unsigned(text);
  if (!number || *number == 0 || *number > UINT32_MAX) {
    return fail(ErrorCode::kInvalid, "bad_number",
                fmt::format("line_no \"{}\" is not a whole number from 1", excerpt(text)));
  }
  return LineNo(static_cast<std::uint32_t>(*number));
}

Result<UtcTime> OrderColumns::ordered_at(const CsvRow& row) const {
  return UtcTime::parse(ordered_at_.of(row));
}

std::string OrderColumns::customer(const CsvRow& row) const {
  return std::string(customer_.of(row));
}

Result<OrderColumns::Article> OrderColumns::article(storage::UnitOfWork& work,
                                                    const CsvRow& row) const {
  const auto sku = Sku::parse(sku_.of(row));
  if (!sku) return fail(sku.error());
  const auto goods = parse_flag(is_product_.of(row), true);
  if (!goods) return fail(goods.error());
  if (!*goods) return Article{*sku, std::string(name_.of(row)), Uom::kPiece, true};
  const auto product = storage::find_product(work.connection(), *sku);
  if (!product) {
    return fail(ErrorCode::kInvalid, "unknown_sku",
                fmt::format("there is no article {}", sku->text()));
  }
  return Article{*sku, product->name, product->uom, false};
}

Result<Quantity> OrderColumns::quantity(const CsvRow& row, Uom uom) const {
  const auto quantity = Quantity::parse(quantity_.of(row), uom);
  if (!quantity) return fail(quantity.error());
  if (quantity->milli == 0) {
    return fail(ErrorCode::kInvalid, "bad_quantity", "a quantity of 0 means nothing");
  }
  return *quantity;
}

Result<domain::OrderLine> OrderColumns::line(storage::UnitOfWork& work, const CsvRow& row) const {
  const auto number = line_no(row);
  if (!number) return fail(number.error());
  const auto article = this->article(work, row);
  if (!article) return fail(article.error());
  const auto quantity = this->quantity(row, article->uom);
  if (!quantity) return fail(quantity.error());
  if (quantity->milli < 0) {
    return fail(ErrorCode::kInvalid, "bad_quantity", "an order line cannot be negative");
  }
  const auto price = unit_price_.of(row);
  if (!price) return fail(price.error());
  if (!*price || (*price)->minor < 0) {
    return fail(ErrorCode::kInvalid, "bad_number", "the price is missing or negative");
  }
  const auto together = whole_number(together_.of(row), "together", UINT32_MAX);
  if (!together) return fail(together.error());
  domain::OrderLine line{*number,   article->sku, article->name,
                         *quantity, **price,      article->service};
  line.together = static_cast<std::uint32_t>(*together);
  return line;
}

Result<domain::Delivery> OrderColumns::read_delivery(const CsvRow& row) const {
  using domain::Delivery;
  Delivery delivery;
  const auto priority = whole_number(priority_.of(row), "priority", Delivery::kMaxPriority);
  if (!priority) return fail(priority.error());
  delivery.priority = *priority;
  delivery.shipping_method = shipping_method_.of(row);
  const auto days =
      whole_number(delivery_days_.of(row), "delivery_days", Delivery::kMaxDeliveryDays);
  if (!days) return fail(days.error());
  delivery.delivery_days = *days;
  const auto read_time = [&row](const Column& column, std::optional<UtcTime>& to) -> Result<> {
    if (column.of(row).empty()) return {};
    const auto at = UtcTime::parse(column.of(row));
    if (!at) return fail(at.error());
    to = *at;
    return {};
  };
  if (auto ok = read_time(ship_after_, delivery.ship_after); !ok) return fail(ok.error());
  if (auto ok = read_time(ship_by_, delivery.ship_by); !ok) return fail(ok.error());
  if (auto ok = read_time(promised_at_, delivery.promised_at); !ok) return fail(ok.error());
  delivery.country = country_.of(row);
  if (auto ok = domain::validate(delivery); !ok) return fail(ok.error());
  return delivery;
}

Result<domain::OrderPlaced> OrderColumns::header(const CsvRow& row) const {
  domain::OrderPlaced order;
  order.external_id = order_id(row);
  order.customer = customer(row);
  const auto at = ordered_at(row);
  if (!at) return fail(at.error());
  order.placed_at = *at;
  if (auto ok = read_method(row, order); !ok) return fail(ok.error());
  auto delivery = read_delivery(row);
  if (!delivery) return fail(delivery.error());
  order.delivery = *std::move(delivery);
  const std::string_view latitude = latitude_.of(row);
  const std::string_view longitude = longitude_.of(row);
  if (latitude.empty() && longitude.empty()) return order;
  const auto north = parse_decimal(latitude, 6);
  const auto east = parse_decimal(longitude, 6);
  const bool fits = north && east && *north >= -90'000'000 && *north <= 90'000'000 &&
                    *east >= -180'000'000 && *east <= 180'000'000;
  if (!fits) {
    return fail(ErrorCode::kInvalid, "bad_number",
                "latitude and longitude are degrees with at most 6 decimals");
  }
  order.destination = GeoPoint{static_cast<std::int32_t>(*north), static_cast<std::int32_t>(*east)};
  return order;
}

/// Whether such a site exists shows when the order is routed: it waits until it does.
Result<> OrderColumns::read_method(const CsvRow& row, domain::OrderPlaced& order) const {
  const std::string_view method = method_.of(row);
  if (!method.empty()) {
    const auto known = domain::parse_fulfilment_method(method);
    if (!known) return fail(known.error());
    order.method = *known;
  }
  const std::string_view site = pickup_site_.of(row);
  if (site.empty()) return {};
  const auto at = SiteId::parse(site);
  if (!at) return fail(at.error());
  order.pickup_site = *at;
  return {};
}

Result<SiteId> OrderColumns::site(storage::UnitOfWork& work, const CsvRow& row) const {
  const std::string_view text = site_.of(row);
  std::vector<SiteId> warehouses;
  for (const domain::Facility& facility : storage::facilities(work.connection())) {
    if (facility.site.text() == text) return facility.site;
    if (facility.kind == domain::FacilityKind::kWarehouse && facility.active) {
      warehouses.push_back(facility.site);
    }
  }
  if (!text.empty()) {
    return fail(ErrorCode::kInvalid, "unknown_site",
                fmt::format("there is no site \"{}\"", excerpt(text)));
  }
  if (warehouses.size() == 1) return warehouses.front();
  return fail(ErrorCode::kInvalid, "which_site",
              fmt::format("there are {} warehouses: add a column \"site\"", warehouses.size()));
}

}  // namespace cairn::central
