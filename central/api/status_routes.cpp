// How the hub itself is: which generation it is in, and whether its database was put back.

#include "central/api/hub_api.h"
#include "core/program/routes/fold_routes.h"
#include "core/program/shapes.h"
#include "core/storage/generations.h"
#include "core/storage/order_exceptions.h"

#include <algorithm>

namespace cairn::central {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

json::Value generation_json(const storage::Generation& generation) {
  auto object = json::Value::object();
  object.set("hub_gen", hex64(generation.gen.value()))
      .set("begun_at", generation.begun.text())
      .set("noticed_by", generation.noticed == storage::Noticed::kByGuard  ? "guard_file"
                         : generation.noticed == storage::Noticed::kByNode ? "device"
                                                                           : "")
      .set("given_back", generation.given_back);
  return object;
}

struct HubStatus {
  std::vector<storage::Generation> generations;
  std::int64_t unknown = 0;     ///< ship groups whose order is not here
  std::int64_t overfilled = 0;  ///< lines that sites were given too much of
  storage::FoldedTotals folded{};
};

Result<HttpResponse> status(const HubApi& api, const HttpRequest&, const Principal&) {
  const auto found = api.readers.read([](storage::Connection& connection) {
    HubStatus status{storage::generations(connection)};
    for (const auto& row : storage::order_exceptions(connection, std::nullopt)) {
      ++(row.kind == "ORDER_UNKNOWN" ? status.unknown : status.overfilled);
    }
    status.folded = storage::folded_totals(connection);
    return status;
  });
  if (!found) return fail(found.error());
  // The last time that it was put back, be it before later starts.
  const auto last =
      std::find_if(found->generations.rbegin(), found->generations.rend(),
                   [](const auto& one) { return one.noticed != storage::Noticed::kNot; });
  auto body = json::Value::object();
  body.set("node", api.core.replica().identity().node.value().text())
      .set("hub_gen", hex64(found->generations.back().gen.value()))
      .set("begun_at", found->generations.back().begun.text());
  body.set("put_back", last == found->generations.rend() ? json::Value() : generation_json(*last));
  body.set("orders_unknown", found->unknown).set("lines_overfilled", found->overfilled);
  body.set("folded", program::folded_json(found->folded));
  return runtime::json_response(body);
}

}  // namespace

std::vector<runtime::Route> status_routes(const HubApi& api) {
  return {{"GET", "/api/v1/status", "nodes.read", with(api, status)}};
}

}  // namespace cairn::central
