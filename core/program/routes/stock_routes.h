#pragma once
// Stock cells and articles over HTTP, the same shapes at hub and site. Any thread.

#include "core/runtime/http_server.h"
#include "core/storage/read_pool.h"

#include <optional>
#include <vector>

namespace cairn::program {

/// Cells of a site with stock or a shortage, optionally of one SKU.
Result<runtime::HttpResponse> stock_page(storage::ReadPool& readers,
                                         const runtime::HttpRequest& request, const SiteId& site);

/// Stock leases: all, or those of a site; `?sku`, `?open=true`.
Result<runtime::HttpResponse> lease_page(storage::ReadPool& readers,
                                         const runtime::HttpRequest& request,
                                         const std::optional<SiteId>& site);

/// GET /api/v1/products/{sku}.
runtime::Route product_route(storage::ReadPool& readers);

/// A SKU from the query. Errors: kInvalid "bad_sku".
Result<std::optional<Sku>> sku_of(const runtime::HttpRequest& request);

}  // namespace cairn::program
