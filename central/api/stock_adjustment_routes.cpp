// Corrections of what a site has.

#include "central/api/hub_api.h"
#include "central/api/request_values.h"
#include "central/stock/adjust_stock.h"
#include "core/json/reader.h"

#include <utility>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

Result<StockAdjustment> read_adjustment(const HttpRequest& request) {
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  StockAdjustment adjustment;
  adjustment.site = value_or_problem(in, "site", SiteId::parse(in.text("site", {1, 32})));
  adjustment.sku = value_or_problem(in, "sku", Sku::parse(in.text("sku", {1, 64})));
  adjustment.location =
      value_or_problem(in, "location", LocationCode::parse(in.text("location", {1, 32})));
  adjustment.reason =
      value_or_problem(in, "reason", domain::parse_adjustment_reason(in.text("reason", {1, 32})));
  adjustment.milli = in.integer("milli", -kMaxMilli, kMaxMilli);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return adjustment;
}

json::Value adjusted_json(const StockAdjustment& adjustment, const domain::SiteFigures& figures) {
  auto object = json::Value::object();
  object.set("site", adjustment.site.text())
      .set("sku", adjustment.sku.text())
      .set("location", adjustment.location.text())
      .set("reason", std::string(name_of(adjustment.reason)))
      .set("milli", adjustment.milli)
      .set("on_hand_milli", figures.on_hand_milli)
      .set("unavailable_milli", figures.unavailable_milli)
      .set("reserved_milli", figures.reserved_milli)
      .set("atp_milli", figures.atp_milli());
  return object;
}

Result<HttpResponse> adjust(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  auto adjustment = read_adjustment(request);
  if (!adjustment) return fail(adjustment.error());
  return api.commands.run(request, principal,
                          [adjustment = *std::move(adjustment),
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto figures = adjust_stock(work, adjustment, actor);
                            if (!figures) return fail(figures.error());
                            return Answer{adjusted_json(adjustment, *figures), 201};
                          });
}

}  // namespace

std::vector<runtime::Route> stock_adjustment_routes(const HubApi& api) {
  return {{"POST", "/api/v1/stock/adjustments", "stock.adjust", with(api, adjust)}};
}

}  // namespace cairn::central
