// Orders as they come in, and what is done with an order as a whole.

#include "central/api/contact_request.h"
#include "central/api/hub_api.h"
#include "central/api/money_request.h"
#include "central/api/order_json.h"
#include "central/api/order_request.h"
#include "central/api/request_values.h"
#include "central/orders/order_holds.h"

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::size_t kOrderBodyMost = 2U << 20U;  // octets: kMaxOrderLines long ones

/// The order as it is in this job.
Result<json::Value> captured_json(UnitOfWork& work, OrderId order) {
  work.replica().save_views();
  auto detail = order_detail_json(work.connection(), order);
  if (!detail) return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
  return *std::move(detail);
}

/// An order that is here already keeps the contact it has, or has no more: one that was erased does
/// not come back because the channel says the order again.
Result<HttpResponse> capture(const HubApi& api, const HttpRequest& request,
                             const Principal& principal, const OutboxRules& rules) {
  auto asked = read_order_request(request.body);
  if (!asked) return fail(asked.error());
  if (asked->contact && !principal.may("orders.contact")) {
    return fail(ErrorCode::kDenied, "forbidden",
                "/contact: whoever says whom to tell of an order needs orders.contact; nothing was "
                "changed");
  }
  // Channel and number make it once, key or no key.
  const bool personal = asked->contact.has_value();
  return api.commands.run(
      personal ? without_key(request) : request, principal,
      [asked = *std::move(asked), &core = api.core, &holds = api.capture.holds, rules,
       actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto captured = capture_order(work, core.site_ages(), holds, asked.wanted, actor);
        if (!captured) return fail(captured.error());
        if (captured->fresh && asked.contact) {
          const auto told = set_contact(work, captured->order, *asked.contact, rules);
          if (!told) return fail(told.error());
        }
        auto detail = captured_json(work, captured->order);
        if (!detail) return fail(detail.error());
        return Answer{*std::move(detail), captured->fresh ? 201 : 200};
      });
}

/// A note, and for a hold its reason.
struct StandingRequest {
  OrderId order;
  domain::HoldReason reason = domain::HoldReason::kManual;
  std::string note;
};

Result<StandingRequest> read_standing(const HttpRequest& request, bool with_reason) {
  const auto id = id_of<OrderId>(request, "order");
  if (!id) return fail(id.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  StandingRequest asked;
  asked.order = *id;
  if (with_reason) {
    const auto reason = domain::parse_hold_reason(in.text("reason", {1, 16}));
    if (!reason) in.problem("reason", reason.error().message);
    if (reason) asked.reason = *reason;
  }
  asked.note = in.optional_text("note", {0, domain::kMaxOrderNote}).value_or("");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return asked;
}

/// Does it to the order and answers with the order.
using StandingCommand = Result<> (*)(UnitOfWork&, const StandingRequest&, UserId);

Result<HttpResponse> change_standing(const HubApi& api, const HttpRequest& request,
                                     const Principal& principal, bool with_reason,
                                     StandingCommand command) {
  auto asked = read_standing(request, with_reason);
  if (!asked) return fail(asked.error());
  return api.commands.run(request, principal,
                          [asked = *std::move(asked), command,
                           actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                            if (auto ok = command(work, asked, actor); !ok) return fail(ok.error());
                            auto detail = captured_json(work, asked.order);
                            if (!detail) return fail(detail.error());
                            return Answer{*std::move(detail), 200};
                          });
}

Result<HttpResponse> hold(const HubApi& api, const HttpRequest& request,
                          const Principal& principal) {
  return change_standing(api, request, principal, true,
                         [](UnitOfWork& work, const StandingRequest& asked, UserId actor) {
                           return hold_order(work, asked.order, asked.reason, asked.note, actor);
                         });
}

Result<HttpResponse> release_held(const HubApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  return change_standing(api, request, principal, false,
                         [](UnitOfWork& work, const StandingRequest& asked, UserId actor) {
                           return release_hold(work, asked.order, asked.note, actor);
                         });
}

Result<HttpResponse> reject(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  return change_standing(api, request, principal, false,
                         [](UnitOfWork& work, const StandingRequest& asked, UserId actor) {
                           return reject_order(work, asked.order, asked.note, actor);
                         });
}

Result<HttpResponse> change_captured(const HubApi& api, const HttpRequest& request,
                                     const Principal& principal) {
  const auto id = id_of<OrderId>(request, "order");
  if (!id) return fail(id.error());
  auto wanted = read_change_request(request.body);
  if (!wanted) return fail(wanted.error());
  wanted->order = *id;
  // More units are a line of their own: sent twice they would be bought twice.
  return run_money(api, request, principal,
                   [wanted = *std::move(wanted), &core = api.core, &holds = api.capture.holds,
                    actor = principal.user](UnitOfWork& work) -> Result<Answer> {
                     if (auto ok = change_order(work, core.site_ages(), holds, wanted, actor);
                         !ok) {
                       return fail(ok.error());
                     }
                     auto detail = captured_json(work, wanted.order);
                     if (!detail) return fail(detail.error());
                     return Answer{*std::move(detail), 200};
                   });
}

Result<HttpResponse> cancel_all(const HubApi& api, const HttpRequest& request,
                                const Principal& principal) {
  const auto id = id_of<OrderId>(request, "order");
  if (!id) return fail(id.error());
  return api.commands.run(
      request, principal, [id = *id, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        const auto done = cancel_order(work, id, domain::CancelReason::kHeadOffice, "", actor);
        if (!done) return fail(done.error());
        auto lines = json::Value::array();
        for (const LineCancellation& line : *done) {
          lines.add(json::Value::object()
                        .set("line", line.line.value())
                        .set("cancelled_milli", line.cancelled_milli)
                        .set("too_late_milli", line.too_late_milli));
        }
        auto detail = captured_json(work, id);
        if (!detail) return fail(detail.error());
        return Answer{
            json::Value::object().set("lines", std::move(lines)).set("order", *std::move(detail)),
            200};
      });
}

}  // namespace

std::vector<runtime::Route> capture_routes(const HubApi& api, const OutboxRules& rules) {
  const auto take = [api, rules](const HttpRequest& request, const Principal& principal) {
    return capture(api, request, principal, rules);
  };
  return {
      {"POST", "/api/v1/orders", "orders.capture", take, kOrderBodyMost},
      {"POST", "/api/v1/orders/{order}/changes", "orders.manage", with(api, change_captured),
       kOrderBodyMost},
      {"POST", "/api/v1/orders/{order}/holds", "orders.manage", with(api, hold)},
      {"POST", "/api/v1/orders/{order}/holds/release", "orders.manage", with(api, release_held)},
      {"POST", "/api/v1/orders/{order}/rejection", "orders.manage", with(api, reject)},
      {"POST", "/api/v1/orders/{order}/cancel", "orders.manage", with(api, cancel_all)},
  };
}

}  // namespace cairn::central
