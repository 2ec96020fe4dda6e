// The end of the audit trail that is noted elsewhere never follows a cut: it tells of it first.

#include "central/audit/audit_watch.h"

#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <algorithm>
#include <optional>
#include <string>

namespace cairn::central::audit_watch_test {
namespace {

using std::chrono::seconds;
using storage::AuditHead;
using storage::UnitOfWork;
using storage::test::node;

constexpr Duration kTick = seconds(10);

struct Hub {
  Hub() { start(); }

  /// As its database and the noted end are.
  void start() {
    watch.emplace(machine.env(), machine.writer, connection(), anchor);
    REQUIRE(watch->start("a configuration"));
    machine.run();
  }
  storage::Connection& connection() { return machine.store.connection(); }
  void grow(int entries) {
    for (int i = 1; i <= entries; ++i) {
      machine.write([i](UnitOfWork& work) -> Result<EventRef> {
        storage::append_audit(
            work.connection(),
            {UtcTime{i}, {}, "Ann", "payments.refund", "", "payment " + std::to_string(i), "200"});
        return EventRef{};
      });
    }
  }
  AuditHead head() { return storage::audit_head(connection()); }
  std::uint64_t cuts() { return storage::verify_audit(connection(), anchor.read()).cuts; }
  std::string missed() {
    storage::AuditPage page;
    page.verb = "audit.cut";
    const auto told = storage::audit_page(connection(), page);
    return told.empty() ? "" : told.front().fact.subject;
  }

  const storage::test::TempFolder folder;
  storage::AuditAnchor anchor{folder.file("guard.audit"), node(77)};
  sync::test::Machine machine{storage::test::hub_identity(node(77))};
  std::optional<AuditWatch> watch;
};

TEST_CASE("audit watch: the end is noted once it has grown", "[central][audit]") {
  Hub hub;
  CHECK(hub.anchor.read() == hub.head());
  hub.grow(7);
  CHECK_FALSE(hub.anchor.read() == hub.head());
  hub.machine.run_for(kTick);
  CHECK(hub.anchor.read() == hub.head());
  CHECK(hub.cuts() == 0);
}

TEST_CASE(
    "audit watch: a tail that is cut off a running hub is told, once, before the noted end "
    "moves",
    "[central][audit]") {
  Hub hub;
  hub.grow(7);
  hub.machine.run_for(kTick);
  const AuditHead noted = hub.head();
  hub.connection().execute("DELETE FROM audit_entry WHERE seq > 5");
  SECTION("nothing follows") {}
  SECTION("others are in its place") { hub.grow(3); }
  SECTION("more than there were are in its place") { hub.grow(9); }
  hub.machine.run_for(kTick);
  CHECK(hub.cuts() == 1);
  CHECK(hub.missed() == storage::audit_head_text(noted));
  CHECK(hub.anchor.read() == hub.head());
  hub.machine.run_for(3 * kTick);
  hub.start();
  hub.machine.run_for(kTick);
  CHECK(hub.cuts() == 1);
}

TEST_CASE("audit watch: what tells of a cut is missed, too", "[central][audit]") {
  Hub hub;
  hub.grow(7);
  hub.machine.run_for(kTick);
  hub.connection().execute("DELETE FROM audit_entry WHERE seq > 5");
  hub.machine.run_for(kTick);
  const AuditHead told = hub.head();
  hub.connection().execute("DELETE FROM audit_entry WHERE seq > 5");
  hub.machine.run_for(kTick);
  CHECK(hub.cuts() == 1);
  CHECK(hub.missed() == storage::audit_head_text(told));
}

TEST_CASE("audit watch: a trail that was cut while the hub stood still is told at its start",
          "[central][audit]") {
  Hub hub;
  hub.grow(7);
  hub.machine.run_for(kTick);
  const AuditHead noted = hub.head();
  hub.watch.reset();
  hub.connection().execute("DELETE FROM audit_entry WHERE seq > 5");
  hub.start();
  CHECK(hub.cuts() == 1);
  CHECK(hub.missed() == storage::audit_head_text(noted));
  CHECK(hub.anchor.read() == hub.head());
}

}  // namespace
}  // namespace cairn::central::audit_watch_test
