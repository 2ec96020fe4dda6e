#include "tests/sim/checks.h"

#include "core/storage/log_reader.h"
#include "core/storage/sqlite/statement.h"
#include "tests/sim/disasters.h"
#include "tests/sim/replica_dump.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::sim {

std::int64_t number(storage::Connection& connection, const std::string& sql) {
  storage::Statement& select = connection.prepare(sql);
  select.bind();
  const std::int64_t value = select.step() ? select.integer(0) : 0;
  select.reset();
  return value;
}

namespace {

using storage::Connection;
using storage::Statement;

void check_dense(World& world, Endpoint& endpoint) {
  // Of the hub's log a device has a part, and gives up what the hub does not know any more.
  const NodeId partly = endpoint.number == kHub ? NodeId() : world.hub().node;
  const auto holes = number(
      endpoint.replica().connection(),
      fmt::format("SELECT count(*) FROM author a WHERE a.node <> x'{}' AND a.head <>"
                  " (SELECT count(*) FROM event_log e WHERE e.author = a.id) +"
                  " (SELECT coalesce(sum(s.records), 0) FROM log_segment s WHERE s.author = a.id)"
                  " AND NOT EXISTS"
                  " (SELECT 1 FROM event_log e WHERE e.author = a.id AND e.chain IS NULL)"
                  " AND NOT EXISTS"
                  " (SELECT 1 FROM log_segment s WHERE s.author = a.id AND s.chain IS NULL)",
                  to_hex(partly.value().bytes())));
  if (holes != 0)
    world.violation(fmt::format("I2: a log of endpoint {} has holes", endpoint.number));
}

/// I3, I6: every row follows from the log, once.
void check_rebuild(World& world, Endpoint& endpoint) {
  Connection& connection = endpoint.replica().connection();
  const auto dump = [&world, &connection] {
    std::string text = dump_orders(connection);
    for (const char* const site : {"store", "depot"}) {
      text += dump_site(connection, *SiteId::parse(site));
    }
    for (const auto& one : world.endpoints()) text += dump_node(connection, one->node);
    return text;
  };
  const std::string before = dump();
  connection.execute("BEGIN IMMEDIATE");
  endpoint.replica().rebuild();
  const std::string after = dump();
  connection.execute("ROLLBACK");
  endpoint.replica().forget_job();
  if (before != after) {
    world.violation(fmt::format("I3/I6: endpoint {}: rows differ from a rebuild", endpoint.number));
  }
}

/// I7: at the hub each author's records are in its feed in its own order.
void check_author_order(World& world) {
  std::map<std::pair<std::int64_t, std::string>, std::uint64_t> last;
  for (const storage::LogRow& row : all_records(world.hub().replica().connection())) {
    if (row.fseq == 0) continue;
    auto& before = last[{row.author, row.feed}];
    if (before >= row.fseq) world.violation("I7: an author's order is not kept in a feed");
    before = row.fseq;
  }
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

/// I1, I20: what anybody was told is saved, and some disk still held, is at rest at the hub,
/// whatever was put back or copied; so it is at the hub as often as it was done. Only a disk and
/// its copy that do the same at the same moment under the same number have done it once.
void check_acknowledged(World& world, const Workload& workload) {
  const auto held = sayings_of(world.hub().replica().connection());
  for (const auto& [saying, times] : workload.acknowledged()) {
    const int least = world.clones() > 0 ? std::min(times, 1) : times;
    const auto found = held.find(saying);
    if (least == 0 || (found != held.end() && found->second >= least)) continue;
    world.violation("I1/I20: " + saying + " was shown as saved and is gone");
  }
}

/// Of every record the octets, by author, incarnation and number.
std::map<std::string, Bytes> records_of(Endpoint& endpoint) {
  std::map<std::string, Bytes> all;
  for (const auto& row : all_records(endpoint.replica().connection())) {
    all.emplace(row.ref.text(), row.record);
  }
  return all;
}

/// I19, I21: under a number all replicas hold the same record, each log is one unbroken chain, and
/// everything that a device holds the hub holds, too, and has confirmed.
void check_one_truth(World& world) {
  const auto at_hub = records_of(world.hub());
  for (auto& endpoint : world.endpoints()) {
    for (const auto& [ref, record] : records_of(*endpoint)) {
      const auto found = at_hub.find(ref);
      if (found != at_hub.end() && found->second == record) continue;
      world.violation(fmt::format("I19/I20/I21: endpoint {} holds {}, the hub {}", endpoint->number,
                                  ref, found == at_hub.end() ? "does not" : "holds another"));
    }
    for (const auto& author : storage::verify_log(endpoint->replica().connection())) {
      if (!author.first_bad_seq) continue;
      world.violation(fmt::format("I19/I21: endpoint {}: the chain of {} breaks at {}",
                                  endpoint->number, author.node.value().text(),
                                  *author.first_bad_seq));
    }
    if (endpoint->number == kHub) continue;
    const auto open = number(endpoint->replica().connection(),
                             "SELECT count(*) FROM event_log WHERE fseq IS NULL");
    if (open != 0) {
      world.violation(
          fmt::format("I11: endpoint {}: {} records are unconfirmed", endpoint->number, open));
    }
  }
}

/// I9: nothing has left its row that was not safe, or of others not confirmed. What is folded is
/// found by check_rebuild, check_one_truth and all that reads the log.
void check_folded(World& world, Endpoint& endpoint) {
  Statement& select = endpoint.replica().connection().prepare(
      "SELECT a.node, a.inc, max(s.last) FROM log_segment s JOIN author a ON a.id = s.author"
      " GROUP BY a.id");
  select.bind();
  while (select.step()) {
    const NodeId node(select.uuid(0));
    const auto inc = Incarnation(select.unsigned_integer(1));
    const bool by_copy = endpoint.number == kHub || node == endpoint.node;
    if (!by_copy || select.unsigned_integer(2) <= world.safe(node, inc)) continue;
    world.violation(
        fmt::format("I9: endpoint {} folded {}, of which {} records were safe", endpoint.number,
                    EventRef{node, inc, select.unsigned_integer(2)}.text(), world.safe(node, inc)));
  }
  const auto open = number(endpoint.replica().connection(),
                           "SELECT count(*) FROM quarantine q JOIN log_segment s"
                           " ON s.author = q.author AND q.seq BETWEEN s.first AND s.last"
                           " WHERE s.chain IS NOT NULL");
  if (open != 0) world.violation(fmt::format("I9: endpoint {} folded poison", endpoint.number));
}

/// I18: nothing that a device or the hub writes is set aside by anybody. What a strange one writes
/// is: strange_node.cpp.
void check_poison(World& world) {
  std::string known;
  for (auto& endpoint : world.endpoints()) {
    known +=
        fmt::format("{}x'{}'", known.empty() ? "" : ",", to_hex(endpoint->node.value().bytes()));
  }
  for (auto& endpoint : world.endpoints()) {
    const auto aside = number(endpoint->replica().connection(),
                              fmt::format("SELECT count(*) FROM quarantine q JOIN author a"
                                          " ON a.id = q.author WHERE a.node IN ({})",
                                          known));
    if (aside != 0) {
      world.violation(
          fmt::format("I18: endpoint {}: {} records quarantined", endpoint->number, aside));
    }
  }
}

}  // namespace

void Watermarks::check(World& world) {
  for (auto& endpoint : world.endpoints()) {
    if (!endpoint->running()) continue;
    Connection& connection = endpoint->replica().connection();
    // Within one life of the data: another begins when a database is put back, when the hub's
    // generation changes, and when records are issued again or given up.
    const std::string life =
        fmt::format("{} {} {} {} {}", endpoint->number, endpoint->restored,
                    endpoint->replica().identity().inc.value(),
                    number(connection, "SELECT coalesce(sum(hub_gen % 1000003), 0) FROM feed"),
                    number(connection,
                           "SELECT (SELECT count(*) FROM superseded_record) +"
                           " (SELECT count(*) FROM parted_record)"));
    const auto rises = [this, &world, &endpoint, &life](const std::string& name,
                                                        std::uint64_t value) {
      auto& last = seen_[life + name];
      if (value < last) {
        world.violation(fmt::format("I8: endpoint {}: {} fell from {} to {}", endpoint->number,
                                    name, last, value));
      }
      last = value;
    };
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

bool quiet(World& world, const std::set<int>& gone) {
  for (auto& endpoint : world.endpoints()) {
    if (gone.contains(endpoint->number)) continue;
    if (!endpoint->running()) return false;
  }
  // What waits for its time is still to happen.
  if (number(world.hub().replica().connection(),
             "SELECT count(*) FROM node_command WHERE id NOT IN"
             " (SELECT command FROM node_command_end)") != 0) {
    return false;
  }
  for (auto& endpoint : world.endpoints()) {
    if (endpoint->number == kHub || gone.contains(endpoint->number)) continue;
    const auto status = endpoint->agent->sync().status();
    if (status.link != sync::LinkState::kLive || status.hwm != status.head) return false;
    if (status.inc != endpoint->replica().identity().inc || status.salvage_waits) return false;
    for (const wire::FeedCursor& cursor : status.cursors) {
      if (world.hub().replica().log().feed(cursor.feed).head != cursor.fseq) return false;
    }
  }
  return true;
}

namespace {

using Authors = std::set<std::pair<NodeId, Incarnation>>;

/// Whose records are others here than at a neighbour, under the same numbers: a database that was
/// put back and worked on before it heard of anybody. That is the hub's to settle.
Authors parted_at(Endpoint& endpoint) {
  Authors parted;
  if (!endpoint.agent->lan()) return parted;
  for (const auto& copy : endpoint.agent->lan()->status().parted) parted.insert(copy.author);
  return parted;
}

/// What a device holds of each device of its site.
std::string held_records(Endpoint& endpoint, const Authors& but) {
  std::string text;
  Statement& authors = endpoint.replica().connection().prepare(
      "SELECT node, inc, head, hex(chain) FROM author a WHERE head > 0 AND EXISTS"
      " (SELECT 1 FROM event_log e WHERE e.author = a.id AND e.chain IS NOT NULL) ORDER BY 1, 2");
  authors.bind();
  while (authors.step()) {
    const NodeId node(authors.uuid(0));
    const auto inc = Incarnation(authors.unsigned_integer(1));
    if (but.contains({node, inc})) continue;
    text += fmt::format("{} {}\n", EventRef{node, inc, authors.unsigned_integer(2)}.text(),
                        authors.text(3));
  }
  return text;
}

/// Records of the hub that it lost when it was put back: who has them can pass them on to nobody
/// but the hub.
std::string lost_by_hub(Endpoint& endpoint) {
  std::string text;
  Statement& lost = endpoint.replica().connection().prepare(
      "SELECT a.inc, e.seq FROM event_log e JOIN author a ON a.id = e.author"
      " WHERE a.node = ?1 AND e.fseq IS NULL ORDER BY 1, 2");
  lost.bind(endpoint.replica().identity().hub.value());
  while (lost.step()) text += fmt::format("{} {}\n", lost.integer(0), lost.integer(1));
  return text;
}

/// How far it is in the feeds that they share.
std::string held_feeds(Endpoint& endpoint) {
  std::string text;
  for (const wire::FeedCursor& cursor : endpoint.agent->sync().shared_cursors()) {
    text += fmt::format("{} {}\n", cursor.feed, cursor.fseq);
  }
  return text;
}

/// A neighbour's word begins no feed (lan_sync.cpp): a device that the hub has never told anything
/// of one of them, or that lost power before it was committed, goes without it until the hub is
/// back, and may show less than its neighbours until then.
bool feeds_begun(Endpoint& endpoint) {
  if (endpoint.replica().identity().hub == NodeId{}) return false;
  const auto cursors = endpoint.agent->sync().shared_cursors();
  return std::ranges::none_of(cursors,
                              [](const auto& cursor) { return cursor.hub_gen == HubGeneration{}; });
}

bool any_device(Endpoint&) { return true; }

/// A disk and its copy hear each other only by way of the hub.
bool has_twins(World& world, const SiteId& site) {
  std::set<NodeId> seen;
  return std::ranges::any_of(world.endpoints(), [&](const auto& endpoint) {
    return endpoint->number != kHub && endpoint->site == site &&
           !seen.insert(endpoint->node).second;
  });
}

/// Whether `one` followed the hub from where `other` is in the feed.
bool leads(Endpoint& one, const wire::FeedCursor& other) {
  return std::ranges::any_of(one.agent->sync().shared_past(), [&other](const auto& past) {
    return past.feed == other.feed && past.hub_gen == other.hub_gen && past.fseq >= other.fseq;
  });
}

/// Positions of different generations of the hub are different things. Without the hub nobody knows
/// what comes next for a device that is further in the earlier one than whoever left that.
bool can_compare(Endpoint& one, Endpoint& other) {
  const auto ours = one.agent->sync().shared_cursors();
  const auto theirs = other.agent->sync().shared_cursors();
  return std::ranges::equal(ours, theirs, [&](const auto& mine, const auto& its) {
    return mine.hub_gen == its.hub_gen || leads(one, its) || leads(other, mine);
  });
}

/// Each device of a site that is `meant` with the first of them.
template <class Meant, class Compare>
void for_neighbours(World& world, Meant meant, Compare compare) {
  std::map<SiteId, Endpoint*> first;
  for (auto& endpoint : world.endpoints()) {
    if (endpoint->number == kHub || !endpoint->running() || !meant(*endpoint)) continue;
    if (has_twins(world, endpoint->site)) continue;
    const auto [known, added] = first.emplace(endpoint->site, endpoint.get());
    if (!added) compare(*known->second, *endpoint);
  }
}

}  // namespace

std::string apart_at_sites(World& world) {
  std::string apart;
  const auto tell = [&apart](Endpoint& one, Endpoint& other, const char* what,
                             const std::string& ours, const std::string& theirs) {
    if (ours == theirs) return;
    apart += fmt::format("endpoint {} has {}\n{}endpoint {}\n{}", one.number, what, ours,
                         other.number, theirs);
  };
  for_neighbours(world, any_device, [&tell](Endpoint& one, Endpoint& other) {
    Authors parted = parted_at(one);
    parted.merge(parted_at(other));
    tell(one, other, "records", held_records(one, parted), held_records(other, parted));
  });
  for_neighbours(world, feeds_begun, [&tell](Endpoint& one, Endpoint& other) {
    if (can_compare(one, other)) tell(one, other, "feeds", held_feeds(one), held_feeds(other));
  });
  return apart;
}

void check_sites_agree(World& world) {
  for_neighbours(world, feeds_begun, [&world](Endpoint& one, Endpoint& other) {
    if (!can_compare(one, other) || !parted_at(one).empty() || !parted_at(other).empty()) return;
    if (lost_by_hub(one) != lost_by_hub(other)) return;
    const std::string ours = dump_site(one.replica().connection(), one.site);
    const std::string theirs = dump_site(other.replica().connection(), one.site);
    if (ours == theirs) return;
    check_rebuild(world, one);
    check_rebuild(world, other);
    world.violation(
        fmt::format("I11: endpoints {} and {} hold the same and differ without the hub: {}",
                    one.number, other.number, first_difference(ours, theirs)));
  });
}

void check_at_rest(World& world, const Workload& workload) {
  Connection& hub = world.hub().replica().connection();
  for (auto& endpoint : world.endpoints()) {
    check_dense(world, *endpoint);
    check_folded(world, *endpoint);
    check_rebuild(world, *endpoint);
    if (endpoint->number == kHub) continue;
    check_hub_has(world, *endpoint);
    const auto problem = world.hub().hub->sync().status(endpoint->node).problem;
    const auto twins =
        std::count_if(world.endpoints().begin(), world.endpoints().end(),
                      [&endpoint](const auto& other) { return other->node == endpoint->node; });
    if (!problem.empty() && twins == 1) world.violation("I4: the hub refuses a node: " + problem);
    for (const std::string& table : endpoint->agent->sync().status().check.differs) {
      world.violation(fmt::format("I11: endpoint {}: its own check found {} to differ",
                                  endpoint->number, table));
    }
    Connection& own = endpoint->replica().connection();
    const std::string here = dump_site(own, endpoint->site) + dump_node(own, endpoint->node);
    const std::string there = dump_site(hub, endpoint->site) + dump_node(hub, endpoint->node);
    if (here != there) {
      world.violation(fmt::format("I11: endpoint {} differs from the hub: {}", endpoint->number,
                                  first_difference(here, there)));
    }
  }
  check_author_order(world);
  check_acknowledged(world, workload);
  check_one_truth(world);
  check_poison(world);
  check_trade(world, workload);
  check_commands(world);
}

}  // namespace cairn::sim
