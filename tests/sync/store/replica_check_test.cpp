#include "sync/store/replica_check.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <string>
#include <vector>

namespace cairn::sync::replica_check_test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using storage::test::node;
using storage::test::site;

/// Reads at once; its answer comes, or is lost as when the loop is full.
struct Reader : storage::SnapshotReader {
  explicit Reader(storage::Connection& from) : connection(&from) {}

  void read(Query query, Done done) override {
    ++reads;
    if (loses) return;
    query(*connection);
    done({});
  }

  storage::Connection* connection;
  int reads = 0;
  bool loses = false;
};

struct Device : test::Machine {
  Device() : Machine(storage::test::site_identity(node(1), site("store"))) {}

  Reader reader{replica().connection()};
  std::vector<std::uint64_t> asked;  ///< correlations
  ReplicaCheck check{
      env(),
      writer,
      &reader,
      node(1),
      site("store"),
      [this](std::uint64_t correlation, const wire::Check&) { asked.push_back(correlation); }};

  void after(Duration duration, bool at_rest = true) {
    run_for(duration);
    check.on_time(at_rest);
  }
};

TEST_CASE("replica check: asked at rest, and again after a while", "[sync][check]") {
  Device device;
  device.after(minutes(1), false);
  CHECK(device.asked.empty());
  device.after(seconds(1));
  REQUIRE(device.asked.size() == 1);
  device.check.answered(device.asked[0] + 2, {});  // to somebody else
  CHECK_FALSE(device.check.status().agreed_at);
  device.check.answered(device.asked[0], {});
  CHECK(device.check.status().agreed_at);
  device.after(minutes(9));
  CHECK(device.asked.size() == 1);
  device.after(minutes(1));
  CHECK(device.asked.size() == 2);
}

TEST_CASE("replica check: a read whose answer is lost is made again", "[sync][check]") {
  Device device;
  device.reader.loses = true;
  device.after(minutes(1));
  CHECK(device.reader.reads == 1);
  device.after(seconds(1));
  CHECK(device.reader.reads == 1);
  device.reader.loses = false;
  device.after(minutes(1));
  CHECK(device.reader.reads == 2);
  CHECK(device.asked.size() == 1);
}

TEST_CASE("replica check: rows that differ are made anew once, and named until they agree",
          "[sync][check]") {
  Device device;
  const std::vector<std::string> tables{"stock_cell"};
  device.after(minutes(1));
  device.check.answered(device.asked.at(0), {false, tables});
  CHECK(device.check.status().differs == tables);
  device.after(seconds(5));
  device.check.answered(device.asked.at(1), {false, tables});
  device.after(minutes(10));
  device.check.answered(device.asked.at(2), {true, {}});  // a feed moved: nothing is known
  CHECK(device.check.status().differs == tables);
  device.after(seconds(5));
  device.check.answered(device.asked.at(3), {});
  CHECK(device.check.status().differs.empty());
}

}  // namespace
}  // namespace cairn::sync::replica_check_test
