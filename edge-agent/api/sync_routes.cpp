// How far this device and the hub are apart.

#include "core/program/shapes.h"
#include "core/runtime/call.h"
#include "edge-agent/api/agent_api.h"

#include <cstdlib>

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

constexpr Duration kDeadline = std::chrono::seconds(5);
constexpr std::int64_t kSuspectMs = 60'000;  // docs/protocol.md, clock

Result<HttpResponse> sync_status(const AgentApi& api) {
  const auto status = runtime::call<sync::NodeSync::Status>(
      api.env.executor, kDeadline,
      [&core = api.core]() -> Result<sync::NodeSync::Status> { return core.sync().status(); });
  if (!status) return fail(status.error());
  auto cursors = json::Value::array();
  for (const wire::FeedCursor& cursor : status->cursors) {
    cursors.add(json::Value::object()
                    .set("feed", cursor.feed)
                    .set("hub_gen", hex64(cursor.hub_gen.value()))
                    .set("fseq", cursor.fseq));
  }
  const storage::Identity& identity = api.core.replica().identity();
  const std::int64_t offset_ms = status->clock_offset.count() / 1000;
  auto body = json::Value::object();
  body.set("node", identity.node.value().text())
      .set("inc", hex64(identity.inc.value()))
      .set("link", name_of(status->link))
      .set("detail", status->detail)
      .set("head", status->head)
      .set("hwm", status->hwm)
      .set("unacked", status->head - status->hwm)
      .set("behind", status->behind)
      .set("cursors", std::move(cursors));
  program::set_or_null(body, "hub_heard_at",
                       status->hub_heard ? std::optional(status->hub_heard->text()) : std::nullopt);
  body.set("clock_offset_ms", offset_ms).set("clock_suspect", std::abs(offset_ms) > kSuspectMs);
  return runtime::json_response(body);
}

}  // namespace

std::vector<runtime::Route> sync_routes(const AgentApi& api) {
  return {{"GET", "/api/v1/sync", "sync.read",
           [api](const HttpRequest&, const Principal&) { return sync_status(api); }}};
}

}  // namespace cairn::agent
