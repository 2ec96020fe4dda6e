#include "core/program/routes/ship_group_routes.h"

#include "core/base/numbers.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/order_exceptions.h"
#include "core/storage/quarantine.h"

#include <fmt/format.h>

namespace cairn::program {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

constexpr std::size_t kSetAsideShown = 100;

Result<std::optional<SiteId>> site_of(const HttpRequest& request) {
  const auto text = request.query_value("site");
  if (!text) return std::nullopt;
  const auto site = SiteId::parse(*text);
  if (!site) return fail(site.error());
  return *site;
}

Result<> read_filters(const HttpRequest& request, storage::ShipGroupFilter& filter) {
  const auto site = site_of(request);
  if (!site) return fail(site.error());
  if (*site) filter.site = *site;
  if (const auto status = request.query_value("status")) {
    const auto known = domain::parse_ship_group_status(*status);
    if (!known) return fail(known.error());
    filter.statuses = {*status};
  }
  if (const auto method = request.query_value("method")) {
    const auto known = domain::parse_fulfilment_method(*method);
    if (!known) return fail(known.error());
    filter.method = *method;
  }
  filter.reference = request.query_value("order_reference");
  if (const auto order = request.query_value("order_id")) {
    const auto uuid = Uuid::parse(*order);
    if (!uuid) return fail(uuid.error());
    filter.order = OrderId(*uuid);
  }
  return {};
}

Result<HttpResponse> detail(storage::ReadPool& readers, const HttpRequest& request) {
  const auto group = group_of(request);
  if (!group) return fail(group.error());
  const auto found = readers.read([&group](storage::Connection& connection) {
    return ship_group_detail_json(connection, *group);
  });
  if (!found) return fail(found.error());
  if (!*found)
    return fail(ErrorCode::kNotFound, "no_such_group", "there is no such ship group here");
  return runtime::json_response(**found);
}

/// The rows of a query as a list, each through `shape`.
template <class Query, class Shape>
Result<HttpResponse> list(storage::ReadPool& readers, Query query, Shape shape) {
  const auto rows = readers.read(query);
  if (!rows) return fail(rows.error());
  auto items = json::Value::array();
  for (const auto& row : *rows) items.add(shape(row));
  return runtime::json_response(write_list(std::move(items)));
}

/// A record without effect, as something that a person has to look at.
json::Value set_aside_json(storage::Connection& connection, const storage::QuarantineRow& row) {
  const ShipGroupId group = domain::group_of_key(row.key);
  const auto known = storage::ship_group_row(connection, group);
  return json::Value::object()
      .set("group", group.value().text())
      .set("site", row.site.text())
      .set("order_reference", known ? known->order_reference : "")
      .set("kind", "RECORD_SET_ASIDE")
      .set("cause", row.ref.text())
      .set("line", 0)
      .set("milli", 0);
}

/// Of ship groups, of refunds, then records that were set aside: the first so many of them.
Result<HttpResponse> exceptions(storage::ReadPool& readers, const HttpRequest& request) {
  const auto site = site_of(request);
  if (!site) return fail(site.error());
  const auto items = readers.read([&site](storage::Connection& connection) {
    auto list = json::Value::array();
    for (const auto& row : storage::ship_group_exceptions(connection, *site)) {
      list.add(exception_json(row));
    }
    for (const auto& row : storage::order_exceptions(connection, *site)) {
      list.add(exception_json(row));
    }
    for (const auto& row : storage::refund_exceptions(connection, *site)) {
      list.add(refund_exception_json(row));
    }
    for (const auto& row : storage::quarantine(connection, {0, 0, kSetAsideShown})) {
      if (!*site || row.site == **site) list.add(set_aside_json(connection, row));
    }
    return list;
  });
  if (!items) return fail(items.error());
  return runtime::json_response(write_list(*items));
}

Result<HttpResponse> return_page(storage::ReadPool& readers, const HttpRequest& request) {
  const auto site = site_of(request);
  if (!site) return fail(site.error());
  const auto page = read_page(request, 2);
  if (!page) return fail(page.error());
  storage::ReturnFilter filter;
  filter.site = *site;
  filter.limit = page->limit + 1;
  if (const auto order = request.query_value("order_id")) {
    const auto uuid = Uuid::parse(*order);
    if (!uuid) return fail(uuid.error());
    filter.order = OrderId(*uuid);
  }
  if (!page->after.empty()) {
    const auto hlc = parse_unsigned(page->after[0]);
    const auto id = Uuid::parse(page->after[1]);
    if (!hlc || !id) return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    filter.after_hlc = *hlc;
    filter.after_id = *id;
  }
  const auto answer = readers.read([&filter, &page](storage::Connection& connection) {
    auto rows = storage::returns(connection, filter);
    const bool more = cut_page(rows, page->limit);
    auto items = json::Value::array();
    for (const storage::ReturnRow& row : rows) items.add(return_json(connection, row));
    std::vector<std::string> next;
    if (more) {
      next = {fmt::format("{}", rows.back().taken_at.value), rows.back().id.value().text()};
    }
    return write_page(std::move(items), next);
  });
  if (!answer) return fail(answer.error());
  return runtime::json_response(*answer);
}

}  // namespace

Result<ShipGroupId> group_of(const HttpRequest& request) {
  const auto uuid = Uuid::parse(request.parameter("group"));
  if (!uuid) return fail(uuid.error());
  return ShipGroupId(*uuid);
}

Result<HttpResponse> ship_group_page(storage::ReadPool& readers, const HttpRequest& request,
                                     storage::ShipGroupFilter filter) {
  const auto page = read_page(request, 2);
  if (!page) return fail(page.error());
  filter.limit = page->limit + 1;
  if (!page->after.empty()) {
    const auto hlc = parse_unsigned(page->after[0]);
    const auto id = Uuid::parse(page->after[1]);
    if (!hlc || !id) return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    filter.after_hlc = *hlc;
    filter.after_id = *id;
  }
  auto rows = readers.read([&filter](storage::Connection& connection) {
    return storage::ship_groups(connection, filter);
  });
  if (!rows) return fail(rows.error());
  const bool more = cut_page(*rows, page->limit);
  auto items = json::Value::array();
  for (const storage::ShipGroupRow& row : *rows) items.add(ship_group_json(row));
  std::vector<std::string> next;
  if (more) {
    next = {fmt::format("{}", rows->back().allocated_at.value), rows->back().id.value().text()};
  }
  return runtime::json_response(write_page(std::move(items), next));
}

std::vector<runtime::Route> ship_group_routes(storage::ReadPool& readers) {
  return {
      {"GET", "/api/v1/ship-groups", "ship_groups.read",
       [&readers](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
         storage::ShipGroupFilter filter;
         if (auto ok = read_filters(request, filter); !ok) return fail(ok.error());
         return ship_group_page(readers, request, filter);
       }},
      {"GET", "/api/v1/ship-groups/{group}", "ship_groups.read",
       [&readers](const HttpRequest& request, const Principal&) {
         return detail(readers, request);
       }},
      {"GET", "/api/v1/put-backs", "ship_groups.read",
       [&readers](const HttpRequest& request, const Principal&) -> Result<HttpResponse> {
         const auto site = site_of(request);
         if (!site) return fail(site.error());
         return list(
             readers,
             [&site](storage::Connection& connection) {
               return storage::put_backs(connection, *site);
             },
             put_back_json);
       }},
      {"GET", "/api/v1/exceptions", "ship_groups.read",
       [&readers](const HttpRequest& request, const Principal&) {
         return exceptions(readers, request);
       }},
      {"GET", "/api/v1/returns", "returns.read",
       [&readers](const HttpRequest& request, const Principal&) {
         return return_page(readers, request);
       }},
  };
}

}  // namespace cairn::program
