#include "tests/sim/checks.h"

#include "core/domain/invariants.h"
#include "core/storage/interpret.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"

#include <fmt/format.h>

namespace cairn::sim {
namespace {

using storage::Connection;
using storage::Statement;

std::int64_t number(Connection& connection, const std::string& sql) {
  Statement& select = connection.prepare(sql);
  select.bind();
  const std::int64_t value = select.step() ? select.integer(0) : 0;
  select.reset();
  return value;
}

/// Every row of a query, columns joined by "|".
std::string rows(Connection& connection, const std::string& sql, int columns, const SiteId& site) {
  Statement& select = connection.prepare(sql);
  select.bind(site.text());
  std::string text;
  while (select.step()) {
    for (int i = 0; i < columns; ++i) text += to_hex(select.blob(i)) + "|";
    text += "\n";
  }
  return text;
}

void check_dense(World& world, Endpoint& endpoint) {
  const auto holes = number(endpoint.replica().connection(),
                            "SELECT count(*) FROM author a WHERE length(a.chain) = 16 AND a.head <>"
                            " (SELECT count(*) FROM event_log e WHERE e.author = a.id)"
                            " AND EXISTS (SELECT 1 FROM event_log e WHERE e.author = a.id"
                            " AND e.chain IS NOT NULL)");
  if (holes != 0)
    world.violation(fmt::format("I2: a log of endpoint {} has holes", endpoint.number));
}

/// I3, I6: every row follows from the log, once.
void check_rebuild(World& world, Endpoint& endpoint) {
  Connection& connection = endpoint.replica().connection();
  std::string before;
  std::string after;
  const auto sites = {*SiteId::parse("store"), *SiteId::parse("depot")};
  for (const SiteId& site : sites) before += dump_site(connection, site);
  connection.execute("BEGIN IMMEDIATE");
  endpoint.replica().rebuild();
  for (const SiteId& site : sites) after += dump_site(connection, site);
  connection.execute("ROLLBACK");
  endpoint.replica().forget_job();
  if (before != after) {
    world.violation(fmt::format("I3/I6: endpoint {}: rows differ from a rebuild", endpoint.number));
  }
}

/// I10, from the events themselves: the rule applied to the whole set at once.
void check_stock(World& world, Endpoint& endpoint) {
  using Cell = std::tuple<std::string, std::string, std::string>;
  std::map<Cell, std::pair<std::vector<domain::CellCount>, std::vector<domain::CellMovement>>>
      cells;
  Connection& connection = endpoint.replica().connection();
  Statement& select = connection.prepare(
      "SELECT a.node, a.inc, e.seq, e.record FROM event_log e JOIN author a ON a.id = e.author");
  select.bind();
  while (select.step()) {
    const EventRef ref{NodeId(select.uuid(0)), Incarnation(select.unsigned_integer(1)),
                       select.unsigned_integer(2)};
    const bool by_hub = ref.node == world.hub().node;
    const auto found = storage::interpret({ref, by_hub, {}}, select.blob(3));
    const auto site = found.meta.site;
    const auto again = storage::interpret({ref, by_hub, site}, select.blob(3));
    if (!again.event) continue;
    const auto* const stock = std::get_if<domain::StockEvent>(&*again.event);
    if (stock == nullptr) continue;
    const domain::StockPosition at{again.meta.hlc, ref};
    if (const auto* const counted = std::get_if<domain::StockCounted>(stock)) {
      cells[{site.text(), counted->sku.text(), counted->location.text()}].first.push_back(
          {at, counted->quantity.milli});
      continue;
    }
    const auto& moved = std::get<domain::StockMoved>(*stock);
    const auto move = [&](const LocationCode& location, std::int64_t delta) {
      if (location.empty()) return;
      cells[{site.text(), moved.sku.text(), location.text()}].second.push_back({at, delta});
    };
    move(moved.from, -moved.quantity.milli);
    move(moved.to, moved.quantity.milli);
  }
  for (const auto& [cell, events] : cells) {
    const auto& [site, sku, location] = cell;
    Statement& row = connection.prepare(
        "SELECT on_hand_milli FROM stock_cell WHERE site = ?1 AND sku = ?2 AND location = ?3");
    const std::int64_t shown = row.bind(site, sku, location).step() ? row.integer(0) : 0;
    row.reset();
    const std::int64_t expected = domain::on_hand_milli(events.first, events.second);
    if (shown != expected) {
      world.violation(fmt::format("I10: endpoint {}: {} {} {} shows {}, events say {}",
                                  endpoint.number, site, sku, location, shown, expected));
    }
  }
}

/// I12: buckets sum up, in the rows and in the views.
void check_buckets(World& world, Endpoint& endpoint) {
  Connection& connection = endpoint.replica().connection();
  const auto wrong = number(connection,
                            "SELECT count(*) FROM ship_group_line WHERE open_milli < 0 OR"
                            " picked_milli < 0 OR shipped_milli < 0 OR"
                            " open_milli + picked_milli + shipped_milli <> ordered_milli");
  if (wrong != 0)
    world.violation(fmt::format("I12: endpoint {}: {} lines", endpoint.number, wrong));
  Statement& select = connection.prepare("SELECT id FROM ship_group");
  select.bind();
  std::vector<ShipGroupId> groups;
  while (select.step()) groups.emplace_back(select.uuid(0));
  for (const ShipGroupId group : groups) {
    const auto ok = domain::check_unit_buckets(endpoint.replica().ship_group(group));
    if (!ok) world.violation(ok.error().message);
  }
}

/// I7: at the hub each author's records are in its feed in its own order.
void check_author_order(World& world) {
  const auto wrong = number(world.hub().replica().connection(),
                            "SELECT count(*) FROM (SELECT fseq, lag(fseq) OVER"
                            " (PARTITION BY author, feed ORDER BY seq) AS before FROM event_log"
                            " WHERE fseq IS NOT NULL) WHERE before >= fseq");
  if (wrong != 0) world.violation("I7: an author's order is not kept in a feed");
}

/// I4, I6: the hub has of each node exactly what the node wrote, with the same chain.
void check_hub_has(World& world, Endpoint& endpoint) {
  const auto& identity = endpoint.replica().identity();
  const storage::Author own = endpoint.replica().log().author(identity.node, identity.inc);
  const storage::Author* const at_hub =
      world.hub().replica().log().find_author(identity.node, identity.inc);
  const std::uint64_t held = at_hub == nullptr ? 0 : at_hub->head;
  if (held > own.head) world.violation(fmt::format("I4: the hub has {} of {}", held, own.head));
  if (held != own.head || (at_hub != nullptr && at_hub->chain != own.chain)) {
    world.violation(fmt::format("I6: endpoint {} wrote {} records, the hub has {}{}",
                                endpoint.number, own.head, held,
                                held == own.head ? ", others" : ""));
  }
}

/// I1: what anybody was told is saved is in its author's log, and at rest at the hub.
void check_acknowledged(World& world, const Workload& workload) {
  for (const EventRef& ref : workload.acknowledged()) {
    if (!world.hub().replica().log().read(ref)) {
      world.violation("I1: " + ref.text() + " was shown as saved and is gone");
    }
  }
}

}  // namespace

void Watermarks::check(World& world) {
  for (auto& endpoint : world.endpoints()) {
    if (!endpoint->running()) continue;
    const auto rises = [this, &world, &endpoint](const std::string& name, std::uint64_t value) {
      auto& last = seen_[fmt::format("{} {}", endpoint->number, name)];
      if (value < last) {
        world.violation(fmt::format("I8: endpoint {}: {} fell from {} to {}", endpoint->number,
                                    name, last, value));
      }
      last = value;
    };
    Connection& connection = endpoint->replica().connection();
    Statement& authors = connection.prepare("SELECT node, inc, head FROM author");
    authors.bind();
    while (authors.step()) {
      rises(fmt::format("vv {} {}", to_hex(authors.blob(0)), authors.integer(1)),
            authors.unsigned_integer(2));
    }
    Statement& feeds = connection.prepare("SELECT name, head FROM feed");
    feeds.bind();
    while (feeds.step()) rises("feed " + feeds.text(0), feeds.unsigned_integer(1));
  }
}

bool quiet(World& world) {
  for (auto& endpoint : world.endpoints()) {
    if (!endpoint->running()) return false;
    if (endpoint->number == kHub) continue;
    const auto status = endpoint->agent->sync().status();
    if (status.link != sync::LinkState::kLive || status.hwm != status.head) return false;
    for (const wire::FeedCursor& cursor : status.cursors) {
      if (world.hub().replica().log().feed(cursor.feed).head != cursor.fseq) return false;
    }
  }
  return true;
}

Clashes count_clashes(World& world) {
  Connection& hub = world.hub().replica().connection();
  return {number(hub, "SELECT count(*) FROM ship_group_exception WHERE kind = 'LOST_CLAIM'"),
          number(hub, "SELECT count(*) FROM put_back")};
}

std::string dump_site(Connection& connection, const SiteId& site) {
  return rows(connection,
              "SELECT hex(id), site, hex(order_id), order_reference, method, status, allocated_hlc,"
              " claim_hlc, hex(claim_node), claim_station, hex(claim_actor) FROM ship_group"
              " WHERE site = ?1 ORDER BY id",
              11, site) +
         rows(connection,
              "SELECT hex(group_id), line, sku, name, uom, ordered_milli, open_milli, picked_milli,"
              " shipped_milli FROM ship_group_line WHERE site = ?1 ORDER BY group_id, line",
              9, site) +
         rows(connection,
              "SELECT hex(p.group_id), hex(cause_node), cause_inc, cause_seq, line, milli, "
              "to_location"
              " FROM put_back p JOIN ship_group g ON g.id = p.group_id WHERE g.site = ?1"
              " ORDER BY p.group_id, cause_node, cause_inc, cause_seq",
              7, site) +
         rows(connection,
              "SELECT hex(x.group_id), position, kind, hex(cause_node), cause_inc, cause_seq, line,"
              " milli FROM ship_group_exception x JOIN ship_group g ON g.id = x.group_id"
              " WHERE g.site = ?1 ORDER BY x.group_id, position",
              8, site) +
         rows(connection,
              "SELECT site, sku, location, uom, on_hand_milli, counted_milli, counted_hlc,"
              " hex(counted_node), counted_inc, counted_seq, imported_milli FROM stock_cell"
              " WHERE site = ?1 ORDER BY site, sku, location",
              11, site) +
         rows(connection,
              "SELECT sku, name, uom, unit_weight_mg, active FROM product WHERE ?1 <> '' ORDER BY "
              "sku",
              5, site);
}

void check_at_rest(World& world, const Workload& workload) {
  Connection& hub = world.hub().replica().connection();
  for (auto& endpoint : world.endpoints()) {
    check_dense(world, *endpoint);
    check_rebuild(world, *endpoint);
    check_stock(world, *endpoint);
    check_buckets(world, *endpoint);
    if (endpoint->number == kHub) continue;
    check_hub_has(world, *endpoint);
    const auto problem = world.hub().hub->sync().status(endpoint->node).problem;
    if (!problem.empty()) world.violation("I4: the hub refuses a node: " + problem);
    if (dump_site(endpoint->replica().connection(), endpoint->site) !=
        dump_site(hub, endpoint->site)) {
      world.violation(fmt::format("I11: endpoint {} differs from the hub", endpoint->number));
    }
  }
  check_author_order(world);
  check_acknowledged(world, workload);
}

}  // namespace cairn::sim
