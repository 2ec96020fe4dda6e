// A hub that is sent any records (I18): none is refused, each is applied or set aside, what was set
// aside stops nothing, and every replica comes to the same rows.

#include "core/base/assert.h"
#include "core/wire/record_stream.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/wire/support/samples.h"
#include "tests/fuzzing/target.h"

#include <memory>
#include <vector>

namespace cairn::fuzz {
namespace {

using storage::Replica;
using storage::test::node;

/// A hub on whose site the samples' ship group is open.
struct GroupsHub : storage::test::Store {
  GroupsHub() : Store(storage::test::hub_identity(node(77))) {
    const auto& group = wire::test::sample("ShipGroupAllocated");
    append(group.event, group.key, site);
  }
  SiteId site = wire::test::record_of(wire::test::sample("ShipGroupAllocated")).site;
};

/// Takes the records, compares, and leaves the database as it was.
void take_records(GroupsHub& hub, const std::vector<Bytes>& records) {
  storage::Connection& connection = hub.connection();
  // Of its own: what it remembers must not outlive the rolled-back transaction.
  Replica replica(connection, hub.replica().identity(), hub.clock, hub.log);
  connection.execute("BEGIN IMMEDIATE");
  const auto taken = replica.take_uplink({node(1), Incarnation(1), 1}, hub.site, records);
  hold(taken.has_value(), "records are never refused");
  replica.finish_job();
  hold(hub.number("SELECT count(*) FROM event_log e JOIN author a ON a.id = e.author"
                  " WHERE a.node <> (SELECT node FROM author WHERE id = 1)") ==
           static_cast<std::int64_t>(records.size()),
       "every record is in the log");
  const auto aside = hub.number("SELECT count(*) FROM quarantine");
  hold(taken->size() + static_cast<std::size_t>(aside) == records.size(),
       "applied and set aside are all that was received");
  const std::string rows = storage::test::dump_projections(connection);
  replica.rebuild();
  replica.finish_job();
  hold(storage::test::dump_projections(connection) == rows, "a rebuild gives the same rows");
  connection.execute("ROLLBACK");
}

}  // namespace

void hub_uplink(BytesView input) {
  static GroupsHub hub;
  hub.log.events.clear();
  take_records(hub, {Bytes(input)});
  const auto several = wire::split_stream(input, wire::kFrameRecordsMax);
  if (several && !several->empty()) take_records(hub, *several);
}

}  // namespace cairn::fuzz
