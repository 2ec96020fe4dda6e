// Promotions and coupons, and what a basket would cost with them.

#include "central/api/hub_api.h"
#include "central/api/order_json.h"
#include "central/api/order_request.h"
#include "central/api/promotion_request.h"
#include "central/capture/capture_order.h"
#include "central/capture/catalogue_lines.h"
#include "central/promotions/promotion_book.h"
#include "core/domain/order/order_amounts.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/promotions.h"

#include <utility>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::size_t kPromotionBodyMost = 1U << 20U;  // octets
constexpr std::size_t kBasketBodyMost = 2U << 20U;     // as of an order

tl::unexpected<Error> no_such_promotion() {
  return fail(ErrorCode::kNotFound, "no_such_promotion", "there is no such promotion");
}

/// With how often each of its coupons was used and not given back.
json::Value with_uses(storage::Connection& connection, const domain::Promotion& promotion) {
  auto object = program::promotion_json(promotion);
  auto uses = json::Value::array();
  for (const domain::Coupon& coupon : promotion.coupons) {
    uses.add(json::Value::object()
                 .set("code", coupon.code)
                 .set("uses",
                      storage::coupon_uses(connection, coupon.code, domain::Promotion::kMaxUses)));
  }
  return object.set("coupon_uses", std::move(uses));
}

Result<HttpResponse> promotion_page(const HubApi& api, const HttpRequest& request,
                                    const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  const std::string after = page->after.empty() ? "" : page->after.front();
  auto rows = api.readers.read([&](storage::Connection& connection) {
    return storage::promotions(connection, after, page->limit + 1);
  });
  if (!rows) return fail(rows.error());
  std::vector<std::string> next;
  if (program::cut_page(*rows, page->limit)) next = {rows->back().name};
  auto items = json::Value::array();
  for (const domain::Promotion& promotion : *rows) items.add(program::promotion_json(promotion));
  return runtime::json_response(program::write_page(std::move(items), next));
}

Result<HttpResponse> get_promotion(const HubApi& api, const HttpRequest& request,
                                   const Principal&) {
  const std::string name = request.parameter("promotion");
  const auto found =
      api.readers.read([&name](storage::Connection& connection) -> std::optional<json::Value> {
        const auto promotion = storage::find_promotion(connection, name);
        if (!promotion) return std::nullopt;
        return with_uses(connection, *promotion);
      });
  if (!found) return fail(found.error());
  if (!*found) return no_such_promotion();
  return runtime::json_response(**found);
}

Result<HttpResponse> put_promotion(const HubApi& api, const HttpRequest& request,
                                   const Principal& principal) {
  auto promotion = read_promotion_request(request.parameter("promotion"), request.body);
  if (!promotion) return fail(promotion.error());
  return api.commands.run(request, principal,
                          [promotion = *std::move(promotion),
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto defined = define_promotion(work, promotion, actor);
                            if (!defined) return fail(defined.error());
                            return Answer{with_uses(work.connection(), *defined), 200};
                          });
}

Result<HttpResponse> delete_promotion(const HubApi& api, const HttpRequest& request,
                                      const Principal& principal) {
  return api.commands.run(request, principal,
                          [name = request.parameter("promotion"),
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            const auto ended = end_promotion(work, name, actor);
                            if (!ended) return fail(ended.error());
                            return Answer{with_uses(work.connection(), *ended), 200};
                          });
}

json::Value judged_json(const domain::JudgedPromotion& judged) {
  auto object = json::Value::object();
  const auto said = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
  };
  program::set_or_null(object, "promotion", said(judged.promotion));
  program::set_or_null(object, "title", said(judged.title));
  program::set_or_null(object, "coupon", said(judged.coupon));
  return object.set("outcome", name_of(judged.outcome)).set("amount_minor", judged.minor);
}

Result<json::Value> preview_json(storage::Connection& connection, CaptureOrder basket,
                                 UtcTime now) {
  domain::OrderPlaced& order = basket.order;
  if (auto ok = fill_from_catalogue(connection, order.lines); !ok) return fail(ok.error());
  if (auto ok = domain::check_lines(order.lines); !ok) return fail(ok.error());
  auto shared = domain::share_discounts(std::move(order));
  if (!shared) return fail(shared.error());
  const auto judged = judge_order(connection, *shared, basket.promotions, now);
  if (!judged) return fail(judged.error());
  auto promotions = json::Value::array();
  for (const domain::JudgedPromotion& one : *judged) {
    promotions.add(judged_json(one));
    if (one.outcome == domain::PromotionOutcome::kApplied) {
      shared->discounts.push_back(domain::discount_of(one));
    }
  }
  const auto priced = domain::share_discounts(*std::move(shared));
  if (!priced) return fail(priced.error());
  const auto total = domain::total_of(priced->lines, priced->tax_added);
  if (!total) return fail(total.error());
  auto lines = json::Value::array();
  for (const domain::OrderLine& line : priced->lines) {
    auto object = json::Value::object();
    object.set("line", line.line.value())
        .set("sku", line.sku.text())
        .set("gross_minor", domain::gross_minor(line).value_or(0))
        .set("discount_minor", line.discount_minor)
        .set("order_discount_minor", line.order_discount_minor)
        .set("tax_minor", line.tax_minor);
    set_kit(object, line);
    lines.add(std::move(object));
  }
  auto discounts = json::Value::array();
  for (const domain::OrderDiscount& discount : priced->discounts) {
    discounts.add(program::order_discount_json(discount));
  }
  return json::Value::object()
      .set("promotions", std::move(promotions))
      .set("discounts", std::move(discounts))
      .set("lines", std::move(lines))
      .set("total", program::money_json(*total));
}

Result<HttpResponse> preview_basket(const HubApi& api, const HttpRequest& request,
                                    const Principal&) {
  auto basket = read_basket_request(request.body);
  if (!basket) return fail(basket.error());
  const UtcTime now = api.env.clock.utc_now();
  const auto body = api.readers.read([&basket, now](storage::Connection& connection) {
    return preview_json(connection, *basket, now);
  });
  if (!body) return fail(body.error());
  if (!*body) return fail(body->error());
  return runtime::json_response(**body);
}

}  // namespace

std::vector<runtime::Route> promotion_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/promotions", "promotions.read", with(api, promotion_page)},
      {"POST", "/api/v1/promotions/preview", "promotions.read", with(api, preview_basket),
       kBasketBodyMost},
      {"GET", "/api/v1/promotions/{promotion}", "promotions.read", with(api, get_promotion)},
      {"PUT", "/api/v1/promotions/{promotion}", "promotions.manage", with(api, put_promotion),
       kPromotionBodyMost},
      {"DELETE", "/api/v1/promotions/{promotion}", "promotions.manage",
       with(api, delete_promotion)},
  };
}

}  // namespace cairn::central
