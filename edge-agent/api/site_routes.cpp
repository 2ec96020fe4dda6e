// Stock, articles and figures of this site.

#include "core/program/routes/stock_routes.h"
#include "core/program/shapes.h"
#include "edge-agent/api/agent_api.h"

namespace cairn::agent {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

std::vector<runtime::Route> site_routes(const AgentApi& api) {
  storage::ReadPool& readers = api.readers;
  return {
      {"GET", "/api/v1/stock", "stock.read",
       [&readers](const HttpRequest& request, const Principal& principal) {
         return program::stock_page(readers, request, principal.site);
       }},
      {"GET", "/api/v1/totals", "stock.read",
       [&readers](const HttpRequest&, const Principal& principal) -> Result<HttpResponse> {
         const auto totals = readers.read([&principal](storage::Connection& connection) {
           return program::site_totals_json(connection, principal.site);
         });
         if (!totals) return fail(totals.error());
         return runtime::json_response(*totals);
       }},
      program::product_route(readers),
  };
}

}  // namespace cairn::agent
