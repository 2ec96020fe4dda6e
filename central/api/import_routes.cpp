// CSV imports: begin, watch, list what went wrong.

#include "central/api/hub_api.h"
#include "central/api/import_json.h"
#include "core/base/numbers.h"
#include "core/base/utf8.h"
#include "core/program/page.h"

#include <fmt/format.h>

namespace cairn::central {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

constexpr std::size_t kFileMost = 64U << 20U;

Result<HttpResponse> begin(const HubApi& api, ImportKind kind, const HttpRequest& request,
                           const Principal& principal) {
  if (api.disk.status().level >= storage::DiskLevel::kCritical) {
    return fail(ErrorCode::kUnavailable, "disk_almost_full",
                "nothing was imported: what is left of the disk is kept for orders; free some "
                "space and repeat");
  }
  ImportOptions options;
  options.actor = principal.user;
  const auto dry_run = program::read_flag(request, "dry_run");
  if (!dry_run) return fail(dry_run.error());
  options.dry_run = *dry_run;
  const auto recount = program::read_flag(request, "recount");
  if (!recount) return fail(recount.error());
  options.recount = *recount;
  options.channel = request.query_value("channel").value_or("import");
  if (options.channel.empty() || options.channel.size() > 32 || !is_utf8(options.channel)) {
    return fail(ErrorCode::kInvalid, "bad_channel", "a channel's name has 1 to 32 octets");
  }
  const auto begun = api.imports.begin(kind, request.body, options);
  if (!begun) return fail(begun.error());
  return runtime::json_response(import_json(*begun), 202);
}

Result<Uuid> import_of(const HttpRequest& request) {
  return Uuid::parse(request.parameter("import"));
}

tl::unexpected<Error> unknown() {
  return fail(ErrorCode::kNotFound, "no_such_import",
              "there is no such import; they are forgotten when the hub restarts");
}

Result<HttpResponse> one_import(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = import_of(request);
  if (!id) return fail(id.error());
  const auto status = api.imports.find(*id);
  if (!status) return unknown();
  return runtime::json_response(import_json(*status));
}

Result<HttpResponse> list(const HubApi& api, const HttpRequest&, const Principal&) {
  auto items = json::Value::array();
  for (const ImportStatus& status : api.imports.list()) items.add(import_json(status));
  return runtime::json_response(program::write_list(std::move(items)));
}

Result<HttpResponse> problems(const HubApi& api, const HttpRequest& request, const Principal&) {
  const auto id = import_of(request);
  if (!id) return fail(id.error());
  const auto page = program::read_page(request, 1);
  if (!page) return fail(page.error());
  std::size_t after = 0;
  if (!page->after.empty()) {
    const auto number = parse_unsigned(page->after.front());
    if (!number) return fail(ErrorCode::kInvalid, "bad_cursor", "the cursor was changed");
    after = *number;
  }
  auto rows = api.imports.problems(*id, after, page->limit + 1);
  if (!rows) return unknown();
  const bool more = program::cut_page(*rows, page->limit);
  auto items = json::Value::array();
  for (const RowProblem& row : *rows) {
    items.add(json::Value::object()
                  .set("line", row.line)
                  .set("outcome", name_of(row.outcome))
                  .set("reason", row.reason)
                  .set("message", row.message));
  }
  std::vector<std::string> next;
  if (more) next = {fmt::format("{}", after + rows->size())};
  return runtime::json_response(program::write_page(std::move(items), next));
}

runtime::Route begin_route(const HubApi& api, ImportKind kind, const char* permission) {
  return {"POST", fmt::format("/api/v1/imports/{}", name_of(kind)), permission,
          [api, kind](const HttpRequest& request, const Principal& principal) {
            return begin(api, kind, request, principal);
          },
          kFileMost};
}

}  // namespace

json::Value import_json(const ImportStatus& status) {
  auto object = json::Value::object();
  object.set("import", status.id.text())
      .set("kind", name_of(status.kind))
      .set("dry_run", status.dry_run)
      .set("state", name_of(status.state))
      .set("message", status.message)
      .set("rows_total", status.rows_total)
      .set("rows_done", status.rows_done)
      .set("created", status.created)
      .set("changed", status.changed)
      .set("unchanged", status.unchanged)
      .set("rejected", status.rejected)
      .set("without_effect", status.without_effect);
  return object;
}

std::vector<runtime::Route> import_routes(const HubApi& api) {
  return {
      {"GET", "/api/v1/imports", "catalogue.read", with(api, list)},
      begin_route(api, ImportKind::kProducts, "catalogue.import"),
      begin_route(api, ImportKind::kStock, "stock.import"),
      begin_route(api, ImportKind::kOrders, "orders.import"),
      {"GET", "/api/v1/imports/{import}", "catalogue.read", with(api, one_import)},
      {"GET", "/api/v1/imports/{import}/problems", "catalogue.read", with(api, problems)},
  };
}

}  // namespace cairn::central
