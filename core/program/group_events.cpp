#include "core/program/group_events.h"

#include "core/json/value.h"

namespace cairn::program {
namespace {

using Events = std::vector<std::string>;

Result<Events> read_events(storage::Connection& connection, const std::set<ShipGroupId>& groups) {
  Events events;
  for (const ShipGroupId group : groups) {
    const auto row = storage::ship_group_row(connection, group);
    if (!row) continue;
    auto object = json::Value::object();
    object.set("id", row->id.value().text())
        .set("status", row->status)
        .set("open_milli", row->in.open_milli)
        .set("picked_milli", row->in.picked_milli)
        .set("packed_milli", row->in.packed_milli)
        .set("shipped_milli", row->in.shipped_milli)
        .set("handed_over_milli", row->in.handed_over_milli);
    events.push_back(object.dump());
  }
  return events;
}

}  // namespace

void publish_ship_groups(storage::Writer& writer, runtime::SseHub& stream) {
  writer.on_commit([&writer, &stream](const storage::Changes& changes) {
    if (changes.ship_groups.empty() || stream.clients() == 0) return;
    writer.submit<Events>(
        [groups = changes.ship_groups](storage::UnitOfWork& work) {
          return read_events(work.connection(), groups);
        },
        [&stream](const Result<Events>& events) {
          if (!events) return;
          for (const std::string& event : *events) stream.publish("ship_group", event);
        });
  });
}

}  // namespace cairn::program
