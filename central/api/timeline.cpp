#include "central/api/timeline.h"

#include "core/domain/key.h"
#include "core/domain/registry.h"
#include "core/program/event_sentence.h"
#include "core/program/page.h"
#include "core/program/shapes.h"
#include "core/storage/api_key_table.h"
#include "core/storage/log_reader.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace cairn::central {
namespace {

using storage::Connection;

struct Entry {
  EventRef ref;
  wire::Record record;
};

/// Adds what can be read of the records with such keys.
void add_entries(Connection& connection, const Bytes& first, const Bytes& end,
                 std::vector<Entry>& entries) {
  for (const storage::LogRow& row : storage::key_rows(connection, first, end)) {
    auto record = wire::decode_record(row.record);
    if (record) entries.push_back({row.ref, *std::move(record)});
  }
}

std::vector<Entry> entries_of(Connection& connection, OrderId order) {
  constexpr char kBeforeAny = '\x00';
  constexpr char kAfterAny = '\x7F';  // no site's id has it
  std::vector<Entry> entries;
  const Bytes own = domain::order_key(order).bytes();
  add_entries(connection, own, own + kBeforeAny, entries);
  storage::ShipGroupFilter filter;
  filter.order = order;
  filter.limit = 10'000;
  for (const storage::ShipGroupRow& group : storage::ship_groups(connection, filter)) {
    const Bytes key = domain::ship_group_key(group.id).bytes();
    add_entries(connection, key, key + kBeforeAny, entries);
    const Bytes returns = domain::return_ledger_key(group.id, SiteId()).bytes();
    add_entries(connection, returns, returns + kAfterAny, entries);
  }
  std::ranges::sort(entries, {},
                    [](const Entry& entry) { return std::tuple(entry.record.hlc, entry.ref); });
  return entries;
}

program::SentenceNames names_for(Connection& connection, OrderId order) {
  program::SentenceNames names;
  for (const auto& row : storage::order_lines(connection, order)) {
    names.articles.emplace(row.line.line, row.line.name);
  }
  for (const auto& each : storage::staff(connection)) {
    names.people.emplace(each.member.user, each.member.name);
  }
  for (const auto& key : storage::api_keys(connection)) names.people.emplace(key.id, key.name);
  return names;
}

std::optional<std::string> name_in(const std::map<UserId, std::string>& people, UserId user) {
  const auto found = people.find(user);
  return found == people.end() ? std::nullopt : std::optional(found->second);
}

json::Value entry_json(const Entry& entry, const program::SentenceNames& names,
                       const std::optional<std::string>& device) {
  const wire::Record& record = entry.record;
  const auto type = domain::find_event_type(record.type);
  const auto event = wire::decode_event(record.type, record.sv, record.payload);
  auto object = json::Value::object();
  object.set("event", entry.ref.text())
      .set("type", type ? type->name : "")
      .set("at", record.hlc.utc().text())
      .set("hlc", fmt::format("{}", record.hlc.value))
      .set("site", record.site.text());
  program::set_or_null(object, "device", device);
  program::set_or_null(object, "person", name_in(names.people, record.actor));
  return object.set("sentence", event ? program::event_sentence(*event, record.site, names)
                                      : "Something that this version does not know");
}

}  // namespace

std::optional<json::Value> order_timeline(Connection& connection, OrderId order, NodeId hub) {
  if (!storage::find_order(connection, order)) return std::nullopt;
  const program::SentenceNames names = names_for(connection, order);
  std::map<NodeId, std::string> devices{{hub, "Head office"}};
  for (const domain::Node& node : storage::nodes(connection)) devices.emplace(node.id, node.name);
  auto items = json::Value::array();
  for (const Entry& entry : entries_of(connection, order)) {
    const auto device = devices.find(entry.ref.node);
    items.add(entry_json(entry, names,
                         device == devices.end() ? std::nullopt : std::optional(device->second)));
  }
  return program::write_list(std::move(items));
}

}  // namespace cairn::central
