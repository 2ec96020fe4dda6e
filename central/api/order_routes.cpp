// Orders.

#include "central/api/hub_api.h"
#include "central/api/order_json.h"
#include "central/api/timeline.h"
#include "central/orders/order_book.h"
#include "core/json/reader.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/projections/order_queues.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using program::Answer;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::size_t kTextMost = 64;

tl::unexpected<Error> no_such_order() {
  return fail(ErrorCode::kNotFound, "no_such_order", "there is no such order");
}

Result<OrderId> order_of(const HttpRequest& request) {
  const auto id = Uuid::parse(request.parameter("order"));
  if (!id) return fail(id.error());
  return OrderId(*id);
}

/// The orders a request asks for: one by its number, or a page.
std::vector<storage::OrderRow> wanted_orders(storage::Connection& connection,
                                             const HttpRequest& request,
                                             const storage::OrderPage& page) {
  const auto channel = request.query_value("channel");
  const auto external_id = request.query_value("external_id");
  if (!channel || !external_id) return storage::orders(connection, page);
  const auto order = storage::find_order(connection, *channel, *external_id);
  if (!order) return {};
  return {*order};
}

Result<> read_filters(const HttpRequest& request, storage::OrderPage& wanted) {
  const auto waiting = program::read_flag(request, "waiting");
  if (!waiting) return fail(waiting.error());
  wanted.only_waiting = *waiting;
  const auto parked = program::read_flag(request, "parked");
  if (!parked) return fail(parked.error());
  wanted.only_parked = *parked;
  if (const auto text = request.query_value("status")) {
    const auto status = domain::parse_order_status(*text);
    if (!status) return fail(status.error());
    wanted.status = *status;
  }
  if (const auto text = request.query_value("queue")) {
    const auto queue = domain::parse_parking_queue(*text);
    if (!queue) return fail(queue.error());
    wanted.queue = *queue;
  }
  if (const auto text = request.query_value("method")) {
    const auto method = domain::parse_fulfilment_method(*text);
    if (!method) return fail(method.error());
    wanted.method = *method;
  }
  if (const auto text = request.query_value("site")) {
    const auto site = SiteId::parse(*text);
    if (!site) return fail(site.error());
    wanted.site = *site;
  }
  if (const auto text = request.query_value("text")) {
    if (text->empty() || text->size() > kTextMost) {
      return fail(
          ErrorCode::kInvalid, "bad_text",
          fmt::format("text is the beginning of an order's number, 1 to {} octets", kTextMost));
    }
    wanted.text = *text;
  }
  return {};
}

Result<HttpResponse> order_page(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  storage::OrderPage wanted;
  wanted.limit = page->limit + 1;
  if (auto ok = read_filters(request, wanted); !ok) return fail(ok.error());
  const auto behind = program::rank_behind(*page);
  if (!behind) return fail(behind.error());
  if (*behind) wanted.after_rank = **behind;
  const auto body = api.readers.read([&request, &wanted, &page](storage::Connection& connection) {
    auto items = json::Value::array();
    auto rows = wanted_orders(connection, request, wanted);
    const bool more = program::cut_page(rows, page->limit);
    for (const storage::OrderRow& row : rows) {
      items.add(order_json(connection, row, storage::order_lines(connection, row.id)));
    }
    std::vector<std::string> next;
    if (more) next = {fmt::format("{}", rows.back().rank)};
    return program::write_page(std::move(items), next);
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

Result<HttpResponse> one_order(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = order_of(request);
  if (!id) return fail(id.error());
  const auto detail = api.readers.read(
      [&api, &id](storage::Connection& connection) { return order_detail_json(connection, *id); });
  if (!detail) return fail(detail.error());
  if (!*detail) return no_such_order();
  return runtime::json_response(**detail);
}

Result<HttpResponse> timeline(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = order_of(request);
  if (!id) return fail(id.error());
  const NodeId hub = api.core.replica().identity().node;
  const auto found = api.readers.read(
      [&id, hub](storage::Connection& connection) { return order_timeline(connection, *id, hub); });
  if (!found) return fail(found.error());
  if (!*found) return no_such_order();
  return runtime::json_response(**found);
}

/// Units of a line of the order in the path.
struct WantedUnits {
  OrderId order;
  LineNo line;
  std::int64_t milli = 0;
};

Result<WantedUnits> read_units(const HttpRequest& request) {
  const auto id = order_of(request);
  if (!id) return fail(id.error());
  const auto body = json::parse(request.body);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  WantedUnits wanted{*id, {}, 0};
  wanted.line = LineNo(static_cast<std::uint32_t>(in.integer("line", 1, UINT32_MAX)));
  wanted.milli = in.integer("quantity_milli", 1, kMaxMilli);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return wanted;
}

/// Runs a command on units of an order and answers with the order.
using UnitsCommand = Result<> (*)(UnitOfWork&, const WantedUnits&, UserId);

Result<HttpResponse> on_units(const HubApi& api, const HttpRequest& request,
                              const Principal& principal, UnitsCommand command) {
  const auto wanted = read_units(request);
  if (!wanted) return fail(wanted.error());
  return api.commands.run(
      request, principal,
      [wanted = *wanted, command, actor = principal.user](UnitOfWork& work) -> Result<Answer> {
        if (auto ok = command(work, wanted, actor); !ok) return fail(ok.error());
        work.replica().save_views();
        auto detail = order_detail_json(work.connection(), wanted.order);
        if (!detail) return no_such_order();
        return Answer{*std::move(detail), 200};
      });
}

Result<HttpResponse> cancel(const HubApi& api, const HttpRequest& request,
                            const Principal& principal) {
  return on_units(
      api, request, principal, [](UnitOfWork& work, const WantedUnits& wanted, UserId actor) {
        return cancel_units(
            work,
            {wanted.order, wanted.line, wanted.milli, domain::CancelReason::kHeadOffice, "", {}},
            actor);
      });
}

Result<HttpResponse> convert(const HubApi& api, const HttpRequest& request,
                             const Principal& principal) {
  return on_units(api, request, principal,
                  [](UnitOfWork& work, const WantedUnits& wanted, UserId actor) {
                    return convert_pickup(work, wanted.order, wanted.line, wanted.milli, actor);
                  });
}

}  // namespace

std::vector<runtime::Route> order_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/orders", "orders.read", with(api, order_page)},
      {"GET", "/api/v1/orders/{order}", "orders.read", with(api, one_order)},
      {"GET", "/api/v1/orders/{order}/timeline", "orders.read", with(api, timeline)},
      {"POST", "/api/v1/orders/{order}/cancellations", "orders.manage", with(api, cancel)},
      {"POST", "/api/v1/orders/{order}/conversions", "orders.manage", with(api, convert)},
  };
}

}  // namespace cairn::central
