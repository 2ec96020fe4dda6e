#include "edge-agent/api/live_events.h"

#include "core/program/group_events.h"

#include <memory>

namespace cairn::agent {
namespace {

constexpr Duration kLookEvery = std::chrono::seconds(1);

/// The link changes rarely and by many causes; looking once a second is enough for a person.
void watch_link(const AgentApi& api, std::string last) {
  const auto status = api.core.sync().status();
  const std::uint64_t unacked = status.head - status.hwm;
  api.env.metrics.gauge("sync_unacked_events", static_cast<std::int64_t>(unacked));
  auto object = json::Value::object();
  object.set("link", name_of(status.link)).set("unacked", unacked);
  std::string now = object.dump();
  if (now != last) api.stream.publish("link", now);
  api.env.executor.after(kLookEvery, [api, now] { watch_link(api, now); });
}

}  // namespace

void publish_live_events(const AgentApi& api) {
  program::publish_ship_groups(api.core.writer(), api.stream);
  const auto posted = api.env.executor.post([api] { watch_link(api, ""); });
  if (!posted) api.env.log.error("link_not_watched", {{"why", posted.error().message}});
}

}  // namespace cairn::agent
