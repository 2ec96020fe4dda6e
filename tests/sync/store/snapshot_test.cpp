// A hub and its devices with a whole catalogue between them: what goes over the bus when one is far
// behind, and what becomes of it.

#include "core/storage/snapshot_parts.h"
#include "core/wire/feed_name.h"
#include "core/wire/message.h"
#include "sync/store/hub_sync.h"
#include "sync/store/node_sync.h"
#include "sync/topics.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sync::snapshot_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;
using storage::test::TempFolder;

/// Reads at once.
struct Reader : storage::SnapshotReader {
  explicit Reader(storage::Connection& from) : connection(&from) {}
  void read(Query query, Done done) override {
    query(*connection);
    done({});
  }
  storage::Connection* connection;
};

constexpr std::uint64_t kRecords = 100;

struct Office : test::Machine {
  explicit Office(const std::string& path, std::uint64_t gen = 77)
      : Machine(storage::test::hub_identity(node(77)), path) {
    const auto begun = store.job([gen](UnitOfWork& work) -> Result<bool> {
      work.replica().begin_generation(HubGeneration(gen), storage::Noticed::kNot);
      return true;
    });
    REQUIRE(begun);
    REQUIRE(sync.start());
    bus.connect();
    run();
  }
  Reader reader{replica().connection()};
  HubSync sync{env(), writer, replica(), bus, {}, &reader, kRecords};

  void enroll(std::uint64_t number, const char* at) {
    write([number, at](UnitOfWork& work) {
      return work.record({domain::ReferenceEvent(domain::NodeRegistered{
                              {node(number), site(at), fmt::format("n{}", number), true}}),
                          domain::node_key(node(number)),
                          site(at),
                          {},
                          {},
                          {}});
    });
  }
  /// Articles with names so long that a thousand are a part.
  void define(int first, int last) {
    for (int i = first; i <= last; ++i) {
      write([i](UnitOfWork& work) {
        auto product = storage::test::product(fmt::format("A{}", i), static_cast<unsigned>(i));
        product.name = fmt::format("{:0200}", i);
        return work.record({domain::ReferenceEvent(domain::ProductDefined{product}),
                            domain::product_key(product.sku),
                            {},
                            {},
                            {},
                            {}});
      });
    }
  }
  void count(const char* at, int last) {
    for (int i = 1; i <= last; ++i) {
      write([i, at](UnitOfWork& work) {
        return work.record(
            {domain::StockEvent(storage::test::counted(fmt::format("A{}", i), "B-1", pieces(i))),
             {},
             site(at),
             {},
             {},
             {}});
      });
    }
  }
};

struct Device : test::Machine {
  explicit Device(std::uint64_t number, const char* at, const std::string& path = ":memory:")
      : Machine(storage::test::site_identity(node(number), site(at), number), path),
        name(node(number)),
        where(site(at)) {
    REQUIRE(sync.start());
    bus.connect();
  }
  NodeId name;
  SiteId where;
  NodeSync sync{env(), writer, replica(), bus};

  void receive() {
    write([this](UnitOfWork& work) {
      return work.record({domain::StockEvent(storage::test::moved("Z1", "", "B-1", pieces(1))),
                          {},
                          where,
                          {},
                          {},
                          {}});
    });
  }
  std::int64_t metric(const std::string& what) {
    for (const Metrics::Sample& sample : metrics.samples()) {
      if (sample.name == what) return std::stoll(sample.value);
    }
    return 0;
  }
  std::int64_t installed() { return metric("sync_snapshots_installed_total"); }
  std::size_t parts() { return storage::held_parts(replica().connection()).size(); }
};

/// What the bus does between them. `meddle`: sees each message to the device; false: it is lost.
struct Wire {
  Office* office;
  std::vector<Device*> devices;
  std::function<bool(wire::Response&)> meddle = [](wire::Response&) { return true; };
  std::function<void(wire::Part&)> meddle_part = [](wire::Part&) {};
  int asked = 0;  ///< parts

  void carry(Device& device) {
    for (const BusMessage& said : std::exchange(device.bus.published, {})) {
      Bytes payload = said.payload;
      if (said.topic == topics::request(device.name)) {
        auto request = wire::decode_request(payload);
        REQUIRE(request);
        if (auto* const part = std::get_if<wire::Part>(&request->body)) {
          if (part->number > 0) ++asked;
          meddle_part(*part);
          payload = encode(*request);
        }
      }
      office->bus.deliver(said.topic, payload);
      office->run();
    }
  }
  void deliver(const BusMessage& said) {
    for (Device* const device : devices) {
      if (said.topic == topics::response(device->name)) {
        auto response = wire::decode_response(said.payload);
        REQUIRE(response);
        if (!meddle(*response)) continue;
        device->bus.deliver(said.topic, encode(*response));
      } else if (said.topic == topics::ack(device->name) ||
                 said.topic == topics::site_feed(device->where, "cat") ||
                 said.topic == topics::site_feed(device->where, "site") ||
                 said.topic == topics::doorbell(device->where)) {
        device->bus.deliver(said.topic, said.payload);
      }
      device->run();
    }
  }
  void turn() {
    for (Device* const device : devices) {
      device->run_for(milliseconds(10));
      carry(*device);
    }
    office->run_for(milliseconds(10));
    for (const BusMessage& said : std::exchange(office->bus.published, {})) deliver(said);
  }
  void until(const std::function<bool()>& good, int turns = 20'000) {
    for (int i = 0; i < turns; ++i) {
      if (good()) return;
      turn();
    }
    FAIL("it did not come to that");
  }
  void rest() {
    until([this] {
      return std::ranges::all_of(devices,
                                 [](Device* const device) { return device->sync.at_rest(); });
    });
  }
};

/// A hub with a catalogue of three parts, and nodes 1 and 2 at the store, 3 at the depot.
struct Company {
  explicit Company() {
    office->define(1, 2'500);
    office->enroll(1, "store");
    office->enroll(2, "store");
    office->enroll(3, "depot");
    office->count("store", 150);
    office->count("depot", 5);
  }
  TempFolder folder;
  std::unique_ptr<Office> office = std::make_unique<Office>(folder.file("hub"), 70);

  void restart(std::uint64_t gen) {
    office.reset();
    office = std::make_unique<Office>(folder.file("hub"), gen);
  }
};

std::string rows(Device& device) {
  return storage::test::dump_projections(device.replica().connection()) +
         storage::test::dump_site_log(device.replica().connection(), "cat") +
         storage::test::dump_site_log(device.replica().connection(), wire::site_feed(device.where));
}

TEST_CASE("snapshot: a new device is what one that read the feeds is", "[sync][snapshot]") {
  Company company;
  Device reader(2, "store");
  Wire feeds{company.office.get(), {&reader}};
  // This one is never offered one.
  feeds.meddle = [](wire::Response& response) {
    if (auto* const hello = std::get_if<wire::HelloReply>(&response.body)) hello->snapshot = false;
    return true;
  };
  feeds.rest();
  REQUIRE(reader.installed() == 0);

  Device fresh(1, "store");
  Wire bus{company.office.get(), {&fresh}};
  bus.until([&] { return fresh.sync.status().snapshot.has_value(); });
  bus.rest();
  CHECK(fresh.installed() == 1);
  CHECK(bus.asked >= 4);
  CHECK(fresh.parts() == 0);
  CHECK_FALSE(fresh.sync.status().snapshot);
  CHECK(storage::test::dump_stock(fresh.replica().connection()) ==
        storage::test::dump_stock(reader.replica().connection()));
  CHECK(storage::test::dump_site_log(fresh.replica().connection(), "cat") ==
        storage::test::dump_site_log(reader.replica().connection(), "cat"));
  const std::string installed = rows(fresh);
  fresh.store.rebuild();
  CHECK(rows(fresh) == installed);
}

TEST_CASE("snapshot: what a device has written stays, and takes effect over it",
          "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  for (int i = 0; i < 5; ++i) device.receive();
  Wire bus{company.office.get(), {&device}};
  int lost = 0;
  bus.meddle = [&lost](wire::Response& response) {
    const auto* const part = std::get_if<wire::PartReply>(&response.body);
    return part == nullptr || part->number != 2 || ++lost > 1;
  };
  bus.until([&] { return device.parts() > 0; });
  device.receive();
  bus.rest();
  CHECK(device.installed() == 1);
  CHECK(device.replica().log().author(node(1), Incarnation(1)).head == 6);
  CHECK(company.office->replica().log().author(node(1), Incarnation(1)).head == 6);
  CHECK(storage::site_on_hand_milli(device.replica().connection(), site("store"),
                                    storage::test::sku("Z1")) == 6'000);
}

TEST_CASE("snapshot: who is not far behind reads the feeds", "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  Wire bus{company.office.get(), {&device}};
  bus.rest();
  device.bus.disconnect();
  company.office->count("store", static_cast<int>(kRecords));
  company.office->bus.published.clear();  // what was pushed meanwhile never came
  device.bus.connect();
  bus.rest();
  CHECK(device.installed() == 1);
  device.bus.disconnect();
  company.office->count("store", static_cast<int>(kRecords) + 1);
  company.office->bus.published.clear();
  device.bus.connect();
  bus.rest();
  CHECK(device.installed() == 2);
  CHECK(bus.asked < 10);  // what it had of the catalogue it did not ask for again
}

TEST_CASE("snapshot: after a restart the parts that are here are not asked for again",
          "[sync][snapshot]") {
  Company company;
  const std::string path = company.folder.file("device");
  std::size_t held = 0;
  {
    Device device(1, "store", path);
    Wire bus{company.office.get(), {&device}};
    int parts = 0;
    bus.meddle = [&parts](wire::Response& response) {
      const auto* const part = std::get_if<wire::PartReply>(&response.body);
      return part == nullptr || part->number == 0 || ++parts <= 2;
    };
    bus.until([&] { return device.parts() == 2; });
    held = device.parts();
    CHECK(device.sync.status().snapshot->parts == held);
  }
  Device again(1, "store", path);
  Wire bus{company.office.get(), {&again}};
  bus.until([&] { return again.installed() == 1; });
  bus.rest();
  CHECK(bus.asked >= 1);
  CHECK(static_cast<std::size_t>(bus.asked) <= 5 - held);
}

TEST_CASE("snapshot: a hub that was started again goes on with what is there", "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  Wire bus{company.office.get(), {&device}};
  int parts = 0;
  bus.meddle = [&parts](wire::Response& response) {
    const auto* const part = std::get_if<wire::PartReply>(&response.body);
    return part == nullptr || part->number == 0 || ++parts <= 2;
  };
  bus.until([&] { return device.parts() == 2; });
  company.restart(78);
  company.office->define(2'501, 2'600);
  bus.office = company.office.get();
  bus.asked = 0;
  bus.meddle = [](wire::Response&) { return true; };
  bus.rest();
  CHECK(device.installed() == 1);
  CHECK(bus.asked <= 4);
  CHECK(storage::product_count(device.replica().connection()) == 2'600);
}

TEST_CASE("snapshot: a part that was changed on its way is asked for again", "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  Wire bus{company.office.get(), {&device}};
  int changed = 0;
  bus.meddle = [&changed](wire::Response& response) {
    auto* const part = std::get_if<wire::PartReply>(&response.body);
    if (part != nullptr && part->number > 0 && changed < 3) {
      part->octets[part->octets.size() / 2] ^= 1;
      ++changed;
    }
    return true;
  };
  bus.rest();
  CHECK(changed == 3);
  CHECK(device.installed() == 1);
  CHECK(device.metric("sync_snapshot_bad_parts_total") == 3);
}

TEST_CASE("snapshot: one that does not hold what it says is set aside, and the feeds are read",
          "[sync][snapshot]") {
  Company company;
  Device other(2, "store");
  other.receive();
  Wire first{company.office.get(), {&other}};
  first.rest();
  company.office->run_for(minutes(2));  // the next snapshot has what it wrote
  Device device(1, "store");
  Wire bus{company.office.get(), {&device}};
  crypto::Hash128 told{};
  crypto::Hash128 id{};
  bus.meddle_part = [&](wire::Part& part) {
    if (part.snap_id == told) part.snap_id = id;
  };
  bus.meddle = [&](wire::Response& response) {
    auto* const part = std::get_if<wire::PartReply>(&response.body);
    if (part != nullptr && part->number > 0) part->snap_id = told;
    if (part != nullptr && part->number == 0) {
      auto manifest = wire::decode_manifest(part->octets);
      REQUIRE(manifest);
      REQUIRE_FALSE(manifest->authors.empty());
      manifest->authors[0].chain[3] ^= 1U;
      part->octets = encode(*manifest);
      id = *part->snap_id;
      part->snap_id = told = wire::snapshot_id(part->octets);
    }
    return true;
  };
  bus.until([&] { return device.metric("sync_snapshots_refused_total") > 0; });
  CHECK(device.installed() == 0);
  bus.rest();
  CHECK(storage::product_count(device.replica().connection()) == 2'500);
}

TEST_CASE("snapshot: a record whose effect cannot be is set aside, the others take effect",
          "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  // A broken constraint, as a bug in a projection would be.
  device.replica().connection().execute(
      "CREATE TEMP TRIGGER planted BEFORE INSERT ON product WHEN NEW.sku = 'A7'"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  Wire bus{company.office.get(), {&device}};
  bus.rest();
  CHECK(device.installed() == 1);
  CHECK(device.store.rows("SELECT kind FROM quarantine", 1) == "FAILED\n");
  CHECK(storage::product_count(device.replica().connection()) == 2'499);
}

TEST_CASE("snapshot: a hub that never has what it promised is not asked for ever",
          "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  Wire bus{company.office.get(), {&device}};
  bus.meddle = [](wire::Response& response) {
    auto* const part = std::get_if<wire::PartReply>(&response.body);
    if (part != nullptr && part->number > 0) part->octets.clear();
    return true;
  };
  bus.until([&] { return device.metric("sync_snapshots_refused_total") == 1; });
  bus.rest();
  CHECK(storage::product_count(device.replica().connection()) == 2'500);
}

TEST_CASE("snapshot: without an answer the feeds are read", "[sync][snapshot]") {
  Company company;
  Device device(1, "store");
  Wire bus{company.office.get(), {&device}};
  bool manifest_too = GENERATE(true, false);
  bus.meddle = [manifest_too](wire::Response& response) {
    const auto* const part = std::get_if<wire::PartReply>(&response.body);
    return part == nullptr || (part->number == 0 && !manifest_too);
  };
  bus.until([&] { return device.metric("sync_snapshots_refused_total") == 1; }, 60'000);
  bus.rest();
  CHECK(device.installed() == 0);
  CHECK(storage::product_count(device.replica().connection()) == 2'500);
}

TEST_CASE("snapshot: a device is told of its own site's alone (I26)", "[sync][snapshot]") {
  Company company;
  Device store(1, "store");
  Device depot(3, "depot");
  Wire bus{company.office.get(), {&store, &depot}};
  bus.rest();
  const auto ask = [&](Device& device, const wire::Part& part) {
    company.office->bus.published.clear();
    company.office->bus.deliver(topics::request(device.name), encode(wire::Request{4, part}));
    company.office->run();
    const auto said = company.office->bus.take(topics::response(device.name));
    REQUIRE(said.size() == 1);
    return std::get<wire::PartReply>(wire::decode_response(said[0])->body);
  };
  const auto of_store = ask(store, {});
  REQUIRE(of_store.snap_id);
  CHECK_FALSE(ask(store, {of_store.snap_id, 1}).octets.empty());
  const auto of_depot = ask(depot, {of_store.snap_id, 1});
  CHECK(of_depot.octets.empty());
  CHECK(of_depot.snap_id != of_store.snap_id);
  const auto manifest = wire::decode_manifest(ask(depot, {}).octets);
  REQUIRE(manifest);
  for (const wire::SnapshotFeed& feed : manifest->feeds) {
    CHECK((feed.feed == "cat" || feed.feed == "site:depot"));
  }
  CHECK(ask(store, {of_store.snap_id, 4'000}).octets.empty());
}

}  // namespace
}  // namespace cairn::sync::snapshot_test
