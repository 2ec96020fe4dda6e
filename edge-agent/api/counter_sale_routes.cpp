// Sales at the counter, and the leases they are made under.

#include "core/program/routes/stock_routes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/counter_sale.h"

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

json::Value sale_json(const CounterSaleDone& done) {
  std::int64_t leased = 0;
  for (const domain::CounterSale::Draw& draw : done.sale.draws) leased += draw.milli;
  auto events = json::Value::array();
  for (const EventRef& event : done.events) {
    events.add(json::Value::object().set("event", event.text()));
  }
  auto object = json::Value::object();
  object.set("sku", done.sku.text())
      .set("name", done.name)
      .set("location", done.from.text())
      .set("milli", done.milli)
      .set("leased_milli", leased)
      .set("beyond_milli", done.sale.beyond_milli)
      .set("beyond_lease", done.sale.beyond_lease)
      .set("left_milli", done.sale.left_milli);
  return object.set("events", std::move(events));
}

Result<HttpResponse> sell(const AgentApi& api, const HttpRequest& request,
                          const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  CounterSaleWanted wanted;
  wanted.code = in.text("code", {1, Barcode::kMaxSize});
  wanted.milli = in.integer("quantity_milli", 1, kMaxMilli);
  if (const auto text = in.optional_text("location", {1, 64})) {
    const auto from = LocationCode::parse(*text);
    if (!from) in.problem("location", from.error().message);
    if (from) wanted.from = *from;
  }
  const auto asked = read_approval(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto done = api.commands.repeated(request, principal);
  if (!done) return fail(done.error());
  if (*done) return **done;
  const auto approval = approve(api, asked, "counter_sales.override");
  if (!approval) return fail(approval.error());
  if (*approval) wanted.approved_by = (*approval)->by;
  return api.commands.run(request, principal,
                          [principal, wanted](UnitOfWork& work) -> Result<Answer> {
                            const auto by = operator_of(work.connection(), principal);
                            if (!by) return fail(by.error());
                            const auto sold = sell_at_counter(work, *by, wanted);
                            if (!sold) return fail(sold.error());
                            return Answer{sale_json(*sold), 201};
                          });
}

}  // namespace

std::vector<runtime::Route> counter_sale_routes(const AgentApi& api) {
  return {
      {"POST", "/api/v1/counter-sales", "counter_sales.take", with(api, sell)},
      {"GET", "/api/v1/stock/leases", "stock.read",
       [&readers = api.readers](const HttpRequest& request, const Principal& principal) {
         return program::lease_page(readers, request, principal.site);
       }},
  };
}

}  // namespace cairn::agent
