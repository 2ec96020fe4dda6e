// Goods that are still to come.

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/promise/promises.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/shapes.h"

#include <utility>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

Result<HttpResponse> expected_page(const HubApi& api, const HttpRequest& request,
                                   const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  const std::string after = page->after.empty() ? "" : page->after.front();
  auto rows = api.readers.read([&](storage::Connection& connection) {
    return storage::expected_supply_page(connection, after, page->limit + 1);
  });
  if (!rows) return fail(rows.error());
  std::vector<std::string> next;
  if (program::cut_page(*rows, page->limit)) next = {rows->back().reference};
  auto items = json::Value::array();
  for (const domain::ExpectedSupply& supply : *rows) {
    items.add(program::expected_supply_json(supply));
  }
  return runtime::json_response(program::write_page(std::move(items), next));
}

Result<domain::ExpectedSupply> read_supply(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::ExpectedSupply supply;
  supply.reference = request.parameter("reference");
  supply.source =
      value_or_problem(in, "source", domain::parse_supply_source(in.text("source", {1, 32})));
  supply.sku = value_or_problem(in, "sku", Sku::parse(in.text("sku", {1, 64})));
  if (const auto text = in.optional_text("site", {1, 32})) {
    supply.site = value_or_problem(in, "site", SiteId::parse(*text));
  }
  supply.due = value_or_problem(in, "due", UtcTime::parse(in.text("due", {1, 40})));
  supply.milli = in.integer("milli", 0, kMaxMilli);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return supply;
}

Result<HttpResponse> expect(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  auto supply = read_supply(request);
  if (!supply) return fail(supply.error());
  return api.commands.run(
      request, principal,
      [supply = *std::move(supply), actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto expected = expect_supply(work, supply, actor);
        if (!expected) return fail(expected.error());
        return Answer{program::expected_supply_json(*expected), 200};
      });
}

}  // namespace

std::vector<runtime::Route> supply_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/expected-supply", "promises.read", with(api, expected_page)},
      {"PUT", "/api/v1/expected-supply/{reference}", "stock.import", with(api, expect)},
  };
}

}  // namespace cairn::central
