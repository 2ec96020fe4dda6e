// The return counter.

#include "core/base/assert.h"
#include "core/base/utf8.h"
#include "core/program/shapes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/returns.h"

#include <fmt/format.h>

namespace cairn::agent {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

json::Value draft_json(const ReturnView& view, std::int64_t alone_up_to_minor) {
  auto lines = json::Value::array();
  for (const ReturnView::Line& line : view.lines) {
    const domain::SoldLine& sold = line.sale.sold;
    auto gtins = json::Value::array();
    for (const Gtin& gtin : line.sale.gtins) gtins.add(gtin.text());
    lines.add(json::Value::object()
                  .set("line", sold.line.value())
                  .set("sku", sold.sku.text())
                  .set("name", sold.name)
                  .set("gtins", std::move(gtins))
                  .set("uom", name_of(sold.sold.uom))
                  .set("sold_milli", sold.sold.milli)
                  .set("returned_milli", line.returned_milli)
                  .set("left_milli", line.left_milli)
                  .set("unit_price", program::money_json(sold.unit_price)));
  }
  auto units = json::Value::array();
  for (const storage::ReturnDraft::Unit& unit : view.units) {
    units.add(json::Value::object()
                  .set("line", unit.line.value())
                  .set("condition", name_of(unit.condition))
                  .set("milli", unit.milli));
  }
  return json::Value::object()
      .set("group", view.group.value().text())
      .set("order_id", view.order.value().text())
      .set("order_reference", view.order_reference)
      .set("condition", name_of(view.condition))
      .set("lines", std::move(lines))
      .set("units", std::move(units))
      .set("refund", program::money_json(view.refund))
      .set("needs_approval", view.refund.minor > alone_up_to_minor);
}

/// Does something to the station's draft and answers with it.
using DraftCommand = std::function<Result<>(UnitOfWork&, const Operator&)>;

class ReturnDesk {
 public:
  ReturnDesk(const AgentApi& api, std::int64_t alone_up_to_minor)
      : api_(api), alone_up_to_minor_(alone_up_to_minor) {}

  Result<HttpResponse> show(const HttpRequest& request, const Principal& principal) const {
    return on_draft(request, principal, [](UnitOfWork&, const Operator&) { return Result<>(); });
  }

  Result<HttpResponse> begin(const HttpRequest& request, const Principal& principal) const {
    const auto body = body_of(request);
    if (!body) return fail(body.error());
    json::Reader in(*body);
    const std::string code = in.text("code", {1, Barcode::kMaxSize});
    if (auto ok = in.done(); !ok) return fail(ok.error());
    const DraftCommand command = [code](UnitOfWork& work, const Operator& by) -> Result<> {
      const auto begun = begin_return(work, by, code);
      if (!begun) return fail(begun.error());
      return {};
    };
    return with_hub_sale(api_, code, [this, &request, &principal, &command] {
      return on_draft(request, principal, command);
    });
  }

  Result<HttpResponse> change(const HttpRequest& request, const Principal& principal) const {
    const auto body = body_of(request);
    if (!body) return fail(body.error());
    json::Reader in(*body);
    const auto condition = read_condition(in);
    if (auto ok = in.done(); !ok) return fail(ok.error());
    return on_draft(request, principal, [condition](UnitOfWork& work, const Operator& by) {
      return set_condition(work, by, condition);
    });
  }

  Result<HttpResponse> units(const HttpRequest& request, const Principal& principal) const {
    const auto body = body_of(request);
    if (!body) return fail(body.error());
    json::Reader in(*body);
    storage::ReturnDraft::Unit unit;
    unit.line = LineNo(static_cast<std::uint32_t>(in.integer("line", 1, UINT32_MAX)));
    unit.condition = read_condition(in);
    unit.milli = in.integer("quantity_milli", 0, kMaxMilli);
    if (auto ok = in.done(); !ok) return fail(ok.error());
    return on_draft(request, principal, [unit](UnitOfWork& work, const Operator& by) {
      return set_units(work, by, unit);
    });
  }

  Result<HttpResponse> drop(const HttpRequest& request, const Principal& principal) const {
    auto done =
        api_.commands.run(request, principal, [principal](UnitOfWork& work) -> Result<Answer> {
          const auto by = operator_of(work.connection(), principal);
          if (!by) return fail(by.error());
          drop_return(work, *by);
          return Answer{json::Value::object(), 200};
        });
    if (!done) return done;
    return HttpResponse{204, "", "", done->headers};
  }

  Result<HttpResponse> take(const HttpRequest& request, const Principal& principal) const {
    const auto body = body_of(request);
    if (!body) return fail(body.error());
    json::Reader in(*body);
    TakeDraft wanted;
    wanted.reason = in.optional_text("reason", {0, 200}).value_or("");
    const auto asked = read_approval(in);
    if (auto ok = in.done(); !ok) return fail(ok.error());
    const auto done = api_.commands.repeated(request, principal);
    if (!done) return fail(done.error());
    if (*done) return **done;
    const auto approval = approve(api_, asked, "returns.approve");
    if (!approval) return fail(approval.error());
    if (*approval) wanted.approved_by = (*approval)->by;
    wanted.alone_up_to_minor = alone_up_to_minor_;
    return api_.commands.run(
        request, principal,
        [principal, wanted, env = api_.env](UnitOfWork& work) -> Result<Answer> {
          const auto by = operator_of(work.connection(), principal);
          if (!by) return fail(by.error());
          const auto id =
              take_draft(work, *by, wanted, ReturnId(IdSource(env.clock, env.random).next()));
          if (!id) return fail(id.error());
          work.replica().save_views();
          const auto row = storage::find_return(work.connection(), *id);
          CAIRN_ASSERT(row.has_value(), "what was taken in this job is there");
          return Answer{program::return_json(work.connection(), *row), 201};
        });
  }

 private:
  static domain::ReturnCondition read_condition(json::Reader& in) {
    const auto condition = domain::parse_return_condition(in.text("condition", {1, 20}));
    if (!condition) in.problem("condition", condition.error().message);
    return condition.value_or(domain::ReturnCondition::kRestock);
  }

  Result<HttpResponse> on_draft(const HttpRequest& request, const Principal& principal,
                                DraftCommand command) const {
    return api_.commands.run(request, principal,
                             [principal, command = std::move(command),
                              alone = alone_up_to_minor_](UnitOfWork& work) -> Result<Answer> {
                               const auto by = operator_of(work.connection(), principal);
                               if (!by) return fail(by.error());
                               if (auto ok = command(work, *by); !ok) return fail(ok.error());
                               const auto view = current_return(work, by->station);
                               if (!view) return fail(view.error());
                               return Answer{draft_json(*view, alone), 200};
                             });
  }

  AgentApi api_;
  std::int64_t alone_up_to_minor_;
};

}  // namespace

std::vector<runtime::Route> return_routes(const AgentApi& api, std::int64_t alone_up_to_minor) {
  const ReturnDesk desk(api, alone_up_to_minor);
  const auto to = [desk](Result<HttpResponse> (ReturnDesk::*handler)(const HttpRequest&,
                                                                     const Principal&) const) {
    return [desk, handler](const HttpRequest& request, const Principal& principal) {
      return (desk.*handler)(request, principal);
    };
  };
  return {
      {"GET", "/api/v1/return-draft", "returns.take", to(&ReturnDesk::show)},
      {"PUT", "/api/v1/return-draft", "returns.take", to(&ReturnDesk::begin)},
      {"PATCH", "/api/v1/return-draft", "returns.take", to(&ReturnDesk::change)},
      {"DELETE", "/api/v1/return-draft", "returns.take", to(&ReturnDesk::drop)},
      {"PUT", "/api/v1/return-draft/units", "returns.take", to(&ReturnDesk::units)},
      {"POST", "/api/v1/returns", "returns.take", to(&ReturnDesk::take)},
  };
}

}  // namespace cairn::agent
