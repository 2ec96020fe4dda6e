// Packages, their weight and their labels, shipping.

#include "core/program/routes/ship_group_routes.h"
#include "core/program/shapes.h"
#include "edge-agent/api/station_request.h"
#include "edge-agent/workflows/labels.h"
#include "edge-agent/workflows/pack.h"

#include <fmt/format.h>

#include <memory>

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;
using storage::UnitOfWork;

constexpr std::int64_t kWeightMostMg = 1'000'000'000'000;
constexpr std::size_t kLinesMost = 2000;

json::Value next_package_json(const NextPackage& next) {
  auto lines = json::Value::array();
  for (const domain::LineUnits& units : next.lines) lines.add(program::units_json(units));
  return json::Value::object()
      .set("lines", std::move(lines))
      .set("weight_checked", next.weight.checked)
      .set("expected_mg", next.weight.expected_mg)
      .set("tolerance_mg", next.weight.tolerance_mg);
}

Result<HttpResponse> next_package(const AgentApi& api, const HttpRequest& request,
                                  const Principal& principal) {
  const auto group = program::group_of(request);
  if (!group) return fail(group.error());
  return api.commands.run(request, principal,
                          [group = *group](UnitOfWork& work) -> Result<program::Answer> {
                            const auto next = plan_package(work, group);
                            if (!next) return fail(next.error());
                            return program::Answer{next_package_json(*next), 200};
                          });
}

/// The weight on the station's scale; a keyed one only where there is no scale.
Result<std::int64_t> weight_of(const AgentApi& api, const std::string& station,
                               const std::optional<std::int64_t>& keyed_mg) {
  if (keyed_mg && api.board.device_of("scale", station)) {
    return fail(ErrorCode::kRejected, "weigh_it",
                "this station has a scale: put the package on it, a weight is not keyed here");
  }
  if (keyed_mg) return *keyed_mg;
  const auto reading = api.scales.weigh(station);
  if (!reading) return fail(reading.error());
  return reading->weight_mg;
}

Result<HttpResponse> close(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  domain::ClosePackage package;
  if (in.has("lines")) {
    for (json::Reader& line : in.objects("lines", kLinesMost)) {
      const auto no = LineNo(static_cast<std::uint32_t>(line.integer("line", 1, UINT32_MAX)));
      package.lines.push_back({no, line.integer("milli", 1, kMaxMilli)});
    }
  }
  const auto keyed_mg = in.optional_integer("weight_mg", 1, kWeightMostMg);
  const auto asked = read_approval(in);
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto by = operator_of(api.readers, principal);
  if (!by) return fail(by.error());
  const auto done = api.commands.repeated(request, principal);
  if (!done) return fail(done.error());
  if (*done) return **done;
  const auto weight = weight_of(api, by->station, keyed_mg);
  if (!weight) return fail(weight.error());
  package.weight_mg = *weight;
  auto approval = approve(api, asked, "packing.override");
  if (!approval) return fail(approval.error());
  package.approval = *std::move(approval);
  return on_group(api, request, principal,
                  [package](UnitOfWork& work, ShipGroupId group, const Operator& who) -> Result<> {
                    const auto closed = close_package(work, group, package, who);
                    if (!closed) return fail(closed.error());
                    return {};
                  });
}

Result<EventRef> package_of(json::Reader& in) {
  auto package = EventRef::parse(in.text("package", {1, 100}));
  if (!package) in.problem("package", package.error().message);
  return package;
}

Result<HttpResponse> print_label(const AgentApi& api, const HttpRequest& request,
                                 const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto package = package_of(in);
  const auto wanted = in.optional_text("printer", {1, 40});
  if (auto ok = in.done(); !ok) return fail(ok.error());
  const auto by = operator_of(api.readers, principal);
  if (!by) return fail(by.error());
  const auto printer = printer_of(api, "printer", by->station, wanted);
  if (!printer) return fail(printer.error());
  if (api.board.status(*printer).released) return fail(released_error(*printer));
  // shared: between the job and what follows its commit
  auto order = std::make_shared<std::optional<LabelOrder>>();
  return on_group(
      api, request, principal,
      [&printers = api.printers, package = *package, printer = *printer, order](
          UnitOfWork& work, ShipGroupId group, const Operator& who) -> Result<> {
        const bool waits = printers.is_busy(printer);
        const auto started = start_label(work, group, package, printer, waits, who);
        if (!started) return fail(started.error());
        *order = *started;
        return {};
      },
      [&printers = api.printers, printer = *printer, order](const program::Answer&) {
        if (*order) printers.print(printer, **order);
      });
}

Result<HttpResponse> check(const AgentApi& api, const HttpRequest& request,
                           const Principal& principal) {
  const auto body = body_of(request);
  if (!body) return fail(body.error());
  json::Reader in(*body);
  const auto package = package_of(in);
  const bool came_out = in.boolean("came_out");
  if (auto ok = in.done(); !ok) return fail(ok.error());
  return on_group(api, request, principal,
                  [looked = domain::CheckLabel{*package, came_out}](
                      UnitOfWork& work, ShipGroupId group, const Operator& who) {
                    return check_label(work, group, looked, who);
                  });
}

Result<HttpResponse> ship_out(const AgentApi& api, const HttpRequest& request,
                              const Principal& principal) {
  return on_group(api, request, principal,
                  [](UnitOfWork& work, ShipGroupId group, const Operator& who) -> Result<> {
                    const auto shipped = ship(work, group, who);
                    if (!shipped) return fail(shipped.error());
                    return {};
                  });
}

/// What lies on the station's scale; asking keeps it live for a while.
Result<HttpResponse> weight(const AgentApi& api, const HttpRequest&, const Principal& principal) {
  const auto by = operator_of(api.readers, principal);
  if (!by) return fail(by.error());
  if (auto ok = api.scales.watch(by->station); !ok) return fail(ok.error());
  const auto scale = api.board.device_of("scale", by->station);
  return runtime::json_response(device_json(api.board.status(*scale)));
}

}  // namespace

std::vector<runtime::Route> packing_routes(const AgentApi& api) {
  return {
      {"GET", "/api/v1/weight", "packing.pack", with(api, weight)},
      {"GET", "/api/v1/ship-groups/{group}/next-package", "packing.pack", with(api, next_package)},
      {"POST", "/api/v1/ship-groups/{group}/packages", "packing.pack", with(api, close)},
      {"POST", "/api/v1/ship-groups/{group}/labels", "labels.print", with(api, print_label)},
      {"POST", "/api/v1/ship-groups/{group}/label-checks", "labels.print", with(api, check)},
      {"POST", "/api/v1/ship-groups/{group}/ship", "ship_groups.ship", with(api, ship_out)},
  };
}

}  // namespace cairn::agent
