// Articles, stock and figures of the whole company.

#include "central/api/hub_api.h"
#include "core/program/page.h"
#include "core/program/routes/stock_routes.h"
#include "core/program/shapes.h"
#include "core/storage/projections/orders.h"

namespace cairn::central {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

Result<HttpResponse> product_page(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  const std::string after = page->after.empty() ? "" : page->after.front();
  auto rows = api.readers.read([&after, &page](storage::Connection& connection) {
    return storage::products(connection, after, page->limit + 1);
  });
  if (!rows) return fail(rows.error());
  const bool more = program::cut_page(*rows, page->limit);
  auto items = json::Value::array();
  for (const domain::Product& product : *rows) items.add(program::product_json(product));
  std::vector<std::string> next;
  if (more) next = {rows->back().sku.text()};
  return runtime::json_response(program::write_page(std::move(items), next));
}

Result<HttpResponse> stock(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto site = SiteId::parse(request.query_value("site").value_or(""));
  if (!site) return fail(site.error());
  return program::stock_page(api.readers, request, *site);
}

Result<HttpResponse> availability(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto sku = program::sku_of(request);
  if (!sku) return fail(sku.error());
  if (!*sku) return fail(ErrorCode::kInvalid, "bad_sku", "say which article: ?sku=…");
  const auto rows = api.readers.read([&sku](storage::Connection& connection) {
    return storage::stock_by_site(connection, **sku);
  });
  if (!rows) return fail(rows.error());
  auto sites = json::Value::array();
  for (const storage::SiteStock& row : *rows) {
    sites.add(json::Value::object()
                  .set("site", row.site.text())
                  .set("on_hand_milli", row.stock.on_hand_milli)
                  .set("reserved_milli", row.stock.reserved_milli)
                  .set("held_milli", row.stock.unavailable_milli)
                  .set("leased_milli", row.stock.leased_milli)
                  .set("available_milli", row.stock.atp_milli()));
  }
  auto body = json::Value::object();
  body.set("sku", (*sku)->text()).set("sites", std::move(sites));
  return runtime::json_response(body);
}

json::Value order_totals_json(const storage::OrderTotals& totals) {
  auto object = json::Value::object();
  object.set("orders", totals.orders)
      .set("lines", totals.lines)
      .set("ordered_milli", totals.ordered_milli)
      .set("cancelled_milli", totals.cancelled_milli)
      .set("routed_milli", totals.routed_milli)
      .set("waiting_milli", totals.waiting_milli)
      .set("parked_milli", totals.parked_milli)
      .set("waiting_orders", totals.waiting_orders);
  return object;
}

Result<HttpResponse> totals(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto body = api.readers.read([](storage::Connection& connection) {
    auto sites = json::Value::array();
    for (const domain::Facility& facility : storage::facilities(connection)) {
      sites.add(program::site_totals_json(connection, facility.site));
    }
    auto object = json::Value::object();
    object.set("orders", order_totals_json(storage::order_totals(connection)))
        .set("sites", std::move(sites));
    return object;
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

}  // namespace

std::vector<runtime::Route> catalogue_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/products", "catalogue.read", with(api, product_page)},
      program::product_route(api.readers),
      {"GET", "/api/v1/stock", "stock.read", with(api, stock)},
      {"GET", "/api/v1/availability", "stock.read", with(api, availability)},
      {"GET", "/api/v1/totals", "stock.read", with(api, totals)},
  };
}

}  // namespace cairn::central
