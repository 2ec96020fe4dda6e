#include "core/program/routes/stock_routes.h"

#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/projections/stock_leases.h"

namespace cairn::program {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

Result<std::optional<Sku>> sku_of(const HttpRequest& request) {
  const auto text = request.query_value("sku");
  if (!text) return std::nullopt;
  const auto sku = Sku::parse(*text);
  if (!sku) return fail(sku.error());
  return *sku;
}

Result<HttpResponse> stock_page(storage::ReadPool& readers, const HttpRequest& request,
                                const SiteId& site) {
  const auto page = read_page(request, 2);
  if (!page) return fail(page.error());
  const auto sku = sku_of(request);
  if (!sku) return fail(sku.error());
  storage::StockPage wanted;
  wanted.sku = *sku;
  wanted.limit = page->limit + 1;
  if (!page->after.empty()) {
    wanted.after_sku = page->after[0];
    wanted.after_location = page->after[1];
  }
  auto cells = readers.read([&wanted, &site](storage::Connection& connection) {
    return storage::stock_cells(connection, site, wanted);
  });
  if (!cells) return fail(cells.error());
  const bool more = cut_page(*cells, page->limit);
  auto items = json::Value::array();
  for (const storage::StockCell& cell : *cells) items.add(stock_cell_json(cell));
  std::vector<std::string> next;
  if (more) {
    next = {cells->back().sku.text(), cells->back().location.text()};
  }
  return runtime::json_response(write_page(std::move(items), next));
}

Result<HttpResponse> lease_page(storage::ReadPool& readers, const HttpRequest& request,
                                const std::optional<SiteId>& site) {
  const auto page = read_page(request, 1);
  if (!page) return fail(page.error());
  const auto sku = sku_of(request);
  if (!sku) return fail(sku.error());
  const auto open = read_flag(request, "open");
  if (!open) return fail(open.error());
  storage::LeasePage wanted{site, *sku, *open, std::nullopt, page->limit + 1};
  if (!page->after.empty()) {
    const auto after = Uuid::parse(page->after.front());
    if (!after) return fail(ErrorCode::kInvalid, "bad_cursor", "not a cursor of this list");
    wanted.after = *after;
  }
  auto leases = readers.read([&wanted](storage::Connection& connection) {
    return storage::leases_page(connection, wanted);
  });
  if (!leases) return fail(leases.error());
  std::vector<std::string> next;
  if (cut_page(*leases, page->limit)) next = {leases->back().granted.lease.value().text()};
  auto items = json::Value::array();
  for (const domain::StockLease& lease : *leases) items.add(stock_lease_json(lease));
  return runtime::json_response(write_page(std::move(items), next));
}

runtime::Route product_route(storage::ReadPool& readers) {
  return {"GET", "/api/v1/products/{sku}", "catalogue.read",
          [&readers](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
            const auto sku = Sku::parse(request.parameter("sku"));
            if (!sku) return fail(sku.error());
            const auto product = readers.read([&sku](storage::Connection& connection) {
              return storage::find_product(connection, *sku);
            });
            if (!product) return fail(product.error());
            if (!*product) {
              return fail(ErrorCode::kNotFound, "no_such_product",
                          "there is no article with this number");
            }
            return runtime::json_response(product_json(**product));
          }};
}

}  // namespace cairn::program
