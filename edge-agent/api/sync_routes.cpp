// How far this device and the hub are apart, and what waits to be sent.

#include "core/domain/registry.h"
#include "core/program/routes/fold_routes.h"
#include "core/program/shapes.h"
#include "core/runtime/call.h"
#include "core/storage/log_reader.h"
#include "core/storage/quarantine.h"
#include "core/storage/salvage.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"
#include "edge-agent/api/agent_api.h"

#include <cstdlib>

namespace cairn::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::Principal;

constexpr Duration kDeadline = std::chrono::seconds(5);
constexpr std::size_t kOutboxShown = 200;
constexpr std::int64_t kSuspectMs = 60'000;  // docs/protocol.md, clock

Result<sync::NodeSync::Status> status_of(const AgentApi& api) {
  return runtime::call<sync::NodeSync::Status>(
      api.env.executor, kDeadline,
      [&core = api.core]() -> Result<sync::NodeSync::Status> { return core.sync().status(); });
}

struct Links {
  sync::NodeSync::Status hub;
  std::optional<sync::LanSync::Status> lan;
  UtcTime now;
};

Result<Links> links_of(const AgentApi& api) {
  return runtime::call<Links>(api.env.executor, kDeadline,
                              [&core = api.core, &clock = api.env.clock]() -> Result<Links> {
                                Links links{core.sync().status(), std::nullopt, clock.utc_now()};
                                if (core.lan()) links.lan = core.lan()->status();
                                return links;
                              });
}

json::Value lan_json(const sync::LanSync::Status& lan, UtcTime now) {
  auto neighbours = json::Value::array();
  for (const sync::LanSession::Peer& peer : lan.peers) {
    neighbours.add(json::Value::object()
                       .set("node", peer.node.value().text())
                       .set("heard_at", UtcTime{now.us - peer.silent.count()}.text())
                       .set("lacked", peer.lacked)
                       .set("lacks", peer.lacks));
  }
  auto parted = json::Value::array();
  for (const sync::LanSession::Parted& copy : lan.parted) {
    parted.add(json::Value::object()
                   .set("node", copy.author.first.value().text())
                   .set("inc", hex64(copy.author.second.value()))
                   .set("neighbour", copy.peer.value().text()));
  }
  auto body = json::Value::object();
  body.set("link", lan.connected ? "up" : "down").set("neighbours", std::move(neighbours));
  return body.set("parted", std::move(parted));
}

Result<HttpResponse> sync_status(const AgentApi& api) {
  const auto links = links_of(api);
  if (!links) return fail(links.error());
  const sync::NodeSync::Status* const status = &links->hub;
  auto cursors = json::Value::array();
  for (const wire::FeedCursor& cursor : status->cursors) {
    cursors.add(json::Value::object()
                    .set("feed", cursor.feed)
                    .set("hub_gen", hex64(cursor.hub_gen.value()))
                    .set("fseq", cursor.fseq));
  }
  auto parked = json::Value::array();
  for (const wire::ParkedRecord& record : status->parked) {
    parked.add(json::Value::object().set("seq", record.seq).set("reason", record.reason));
  }
  const auto aside = api.readers.read(
      [](storage::Connection& connection) { return storage::quarantine_count(connection); });
  if (!aside) return fail(aside.error());
  const storage::Identity& identity = api.core.replica().identity();
  const std::int64_t offset_ms = status->clock_offset.count() / 1000;
  auto body = json::Value::object();
  body.set("node", identity.node.value().text())
      .set("inc", hex64(status->inc.value()))
      .set("link", name_of(status->link))
      .set("detail", status->detail)
      .set("head", status->head)
      .set("hwm", status->hwm)
      .set("safe", status->safe)
      .set("unacked", status->head - status->hwm + status->later)
      .set("behind", status->behind)
      .set("cursors", std::move(cursors))
      .set("quarantined", *aside)
      .set("parked", std::move(parked));
  program::set_or_null(body, "hub_heard_at",
                       status->hub_heard ? std::optional(status->hub_heard->text()) : std::nullopt);
  program::set_or_null(
      body, "agreed_at",
      status->check.agreed_at ? std::optional(status->check.agreed_at->text()) : std::nullopt);
  auto differs = json::Value::array();
  for (const std::string& table : status->check.differs) differs.add(table);
  body.set("differs", std::move(differs));
  body.set("clock_offset_ms", offset_ms).set("clock_suspect", std::abs(offset_ms) > kSuspectMs);
  if (status->snapshot) {
    body.set("snapshot", json::Value::object()
                             .set("parts", status->snapshot->parts)
                             .set("of", status->snapshot->of));
  }
  if (links->lan) body.set("lan", lan_json(*links->lan, links->now));
  const auto lost = api.readers.read(storage::lost_records);
  if (!lost) return fail(lost.error());
  auto gone = json::Value::array();
  for (const storage::LostRecords& records : *lost) {
    gone.add(json::Value::object()
                 .set("inc", hex64(records.inc.value()))
                 .set("first", records.first)
                 .set("last", records.last));
  }
  body.set("lost", std::move(gone));
  const auto folded = api.readers.read(storage::folded_totals);
  if (!folded) return fail(folded.error());
  body.set("folded", program::folded_json(*folded));
  return runtime::json_response(body);
}

/// The number of the order that a record is about; nothing: it is about none.
std::optional<std::string> order_of(storage::Connection& connection, const wire::Record& record) {
  const auto event = wire::decode_event(record.type, record.sv, record.payload);
  if (!event) return std::nullopt;
  // A return may be of another site's sale, whose group is not known here.
  if (const auto* const returned = std::get_if<domain::ReturnEvent>(&*event)) {
    const auto* const taken = std::get_if<domain::ReturnTaken>(returned);
    return taken == nullptr ? std::nullopt : std::optional(taken->order_reference);
  }
  ShipGroupId group = domain::group_of_key(record.key);
  if (const auto* const stock = std::get_if<domain::StockEvent>(&*event)) {
    const auto* const moved = std::get_if<domain::StockMoved>(stock);
    if (moved != nullptr) group = moved->ship_group;
  }
  const auto row = storage::ship_group_row(connection, group);
  return row ? std::optional(row->order_reference) : std::nullopt;
}

json::Value waiting_json(storage::Connection& connection, const EventRef& ref,
                         const wire::Record& said) {
  const auto type = domain::find_event_type(said.type);
  auto object = json::Value::object();
  object.set("event", ref.text()).set("type", type ? type->name : "");
  object.set("at", said.hlc.utc().text());
  program::set_or_null(object, "about", order_of(connection, said));
  return object.set("site", said.site.text());
}

Result<HttpResponse> outbox(const AgentApi& api) {
  const auto status = status_of(api);
  if (!status) return fail(status.error());
  const storage::Identity& identity = api.core.replica().identity();
  const auto body = api.readers.read([&](storage::Connection& connection) {
    const EventRef sent{identity.node, status->inc, status->hwm};
    auto list = json::Value::array();
    std::optional<std::string> oldest;
    for (const auto& row : storage::author_rows(connection, sent, kOutboxShown)) {
      if (row.ref.seq > status->head) break;  // written since the status was asked for
      const auto record = wire::decode_record(row.record);
      const wire::Record& said = record ? *record : wire::Record{};
      if (!oldest) oldest = said.hlc.utc().text();
      list.add(waiting_json(connection, row.ref, said));
    }
    auto waiting = json::Value::object();
    waiting.set("total", status->head - status->hwm + status->later);
    program::set_or_null(waiting, "oldest_at", oldest);
    return waiting.set("items", std::move(list));
  });
  if (!body) return fail(body.error());
  return runtime::json_response(*body);
}

}  // namespace

std::vector<runtime::Route> sync_routes(const AgentApi& api) {
  return {{"GET", "/api/v1/sync", "sync.read",
           [api](const HttpRequest&, const Principal&) { return sync_status(api); }},
          {"GET", "/api/v1/outbox", "any",
           [api](const HttpRequest&, const Principal&) { return outbox(api); }}};
}

}  // namespace cairn::agent
