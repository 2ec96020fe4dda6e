#include "tests/core/storage/support/store.h"

#include "core/storage/migrate.h"
#include "core/storage/sqlite/statement.h"

namespace cairn::storage::test {
namespace {

Connection open(const std::string& path) {
  auto connection = Connection::open_writer(path, Connection::Durability::kSimulated);
  CAIRN_ASSERT(connection.has_value(), "a test's database opens");
  CAIRN_ASSERT(migrate(*connection).has_value(), "a test's database migrates");
  return *std::move(connection);
}

}  // namespace

Identity site_identity(NodeId node, const SiteId& site, std::uint64_t inc) {
  return {Role::kSite, node, Incarnation(inc), site, {}};
}

Identity hub_identity(NodeId node, std::uint64_t inc) {
  return {Role::kHub, node, Incarnation(inc), {}, node};
}

Store::Store(const Identity& identity, const std::string& path, Interpreter interpreter)
    : connection_(open(path)) {
  const auto established = establish_identity(connection_, identity);
  CAIRN_ASSERT(established.has_value(), "a test's database is the test's own");
  replica_ = std::make_unique<Replica>(connection_, *established, clock, log, interpreter);
}

EventRef Store::append(const domain::Event& event, const domain::Key& key, const SiteId& site) {
  const auto written =
      job([&](UnitOfWork& work) { return work.record({event, key, site, UserId{}, {}, {}}); });
  CAIRN_ASSERT(written.has_value(), "a test's own event is written");
  return *written;
}

void Store::take_uplink(NodeId node, Incarnation inc, const SiteId& site,
                        const std::vector<Bytes>& records) {
  const auto taken = job([&](UnitOfWork& work) -> Result<bool> {
    const std::uint64_t held = work.replica().log().author(node, inc).head;
    auto done = work.replica().take_uplink({node, inc, held + 1}, site, records);
    if (!done) return fail(done.error());
    return true;
  });
  CAIRN_ASSERT(taken.has_value(), "an uplink is never refused");
}

Result<Replica::Applied> Store::take_feed(const wire::FeedFrame& frame) {
  return job([&frame](UnitOfWork& work) { return work.replica().take_feed(frame); });
}

wire::FeedFrame Store::frame_of(const std::string& name, std::uint64_t after) {
  const Identity& own = replica_->identity();
  const Feed& feed = replica_->log().feed(name);
  wire::FeedFrame frame{name, own.node, HubGeneration(own.inc.value()), after + 1, {}};
  for (LoggedRecord& row : replica_->log().read_feed(feed, after, 1U << 20U)) {
    if (row.ref.node == own.node) {
      frame.items.emplace_back(wire::HubItem{row.ref.seq, std::move(row.record)});
    } else {
      frame.items.emplace_back(wire::AuthorItem{row.ref, std::move(row.record)});
    }
  }
  return frame;
}

void Store::rebuild() {
  const auto done = job([](UnitOfWork& work) -> Result<bool> {
    work.replica().rebuild();
    return true;
  });
  CAIRN_ASSERT(done.has_value(), "a rebuild is never refused");
}

std::int64_t Store::number(const std::string& sql) {
  Statement& select = connection_.prepare(sql);
  CAIRN_ASSERT(select.bind().step(), "the query has a row");
  const std::int64_t value = select.integer(0);
  select.reset();
  return value;
}

std::string Store::rows(const std::string& sql, int columns) {
  return rows_of(connection_, sql, columns);
}

std::string rows_of(Connection& connection, const std::string& sql, int columns) {
  Statement& select = connection.prepare(sql);
  select.bind();
  std::string text;
  while (select.step()) {
    for (int i = 0; i < columns; ++i) {
      text += (i == 0 ? "" : "|") + (select.is_null(i) ? "-" : select.text(i));
    }
    text += "\n";
  }
  return text;
}

}  // namespace cairn::storage::test
