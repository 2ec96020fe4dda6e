#include "core/storage/identity.h"

#include "core/storage/migrate.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

namespace cairn::storage::identity_test {
namespace {

using test::hub_identity;
using test::node;
using test::site;
using test::site_identity;

Connection database(const std::string& path = ":memory:") {
  auto opened = Connection::open_writer(path, Connection::Durability::kSimulated);
  REQUIRE(opened);
  REQUIRE(migrate(*opened));
  return *std::move(opened);
}

TEST_CASE("identity: at the first start the wanted one becomes it", "[storage][identity]") {
  Connection connection = database();
  const Identity wanted = site_identity(node(1), site("store"), 0x7fff'ffff'ffff'ffff);
  const auto established = establish_identity(connection, wanted);
  REQUIRE(established);
  CHECK(established->role == Role::kSite);
  CHECK(established->node == node(1));
  CHECK(established->site == site("store"));
  CHECK(established->inc == wanted.inc);
  CHECK(established->hub == NodeId{});
}

TEST_CASE("identity: the incarnation is minted once and kept", "[storage][identity]") {
  const test::TempFolder folder;
  {
    Connection connection = database(folder.file("db"));
    REQUIRE(establish_identity(connection, site_identity(node(1), site("store"), 11)));
  }
  Connection connection = database(folder.file("db"));
  const auto again = establish_identity(connection, site_identity(node(1), site("store"), 12));
  REQUIRE(again);
  CHECK(again->inc == Incarnation(11));
}

TEST_CASE("identity: a hub keeps its generation", "[storage][identity]") {
  Connection connection = database();
  REQUIRE(establish_identity(connection, hub_identity(node(5), 100)));
  const auto again = establish_identity(connection, hub_identity(node(5), 200));
  REQUIRE(again);
  CHECK(again->role == Role::kHub);
  CHECK(again->inc == Incarnation(100));
  CHECK(again->hub == node(5));
  CHECK(again->site.empty());
}

TEST_CASE("identity: another node, site or role than the database's is refused",
          "[storage][identity]") {
  struct Row {
    Identity stored;
    Identity wanted;
  };
  const std::vector<Row> rows{
      {site_identity(node(1), site("store")), site_identity(node(2), site("store"))},
      {site_identity(node(1), site("store")), site_identity(node(1), site("depot"))},
      {site_identity(node(1), site("store")), hub_identity(node(1))},
      {hub_identity(node(1)), site_identity(node(1), site("store"))},
      {hub_identity(node(1)), hub_identity(node(2))},
  };
  for (const Row& row : rows) {
    CAPTURE(row.wanted.node.value().text(), row.wanted.site.text());
    Connection connection = database();
    REQUIRE(establish_identity(connection, row.stored));
    const auto refused = establish_identity(connection, row.wanted);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kConflict);
    CHECK(refused.error().reason == "wrong_data_dir");
    CHECK(refused.error().message.find(row.stored.node.value().text()) != std::string::npos);
    CHECK(refused.error().message.find(row.wanted.node.value().text()) != std::string::npos);
    // What is there stays.
    const auto kept = establish_identity(connection, row.stored);
    REQUIRE(kept);
    CHECK(kept->node == row.stored.node);
  }
}

TEST_CASE("identity: a site remembers the hub it first heard of", "[storage][identity]") {
  Connection connection = database();
  const Identity wanted = site_identity(node(1), site("store"));
  REQUIRE(establish_identity(connection, wanted));
  save_hub(connection, node(77));
  const auto again = establish_identity(connection, wanted);
  REQUIRE(again);
  CHECK(again->hub == node(77));
}

TEST_CASE("identity: small numbers are kept by name", "[storage][identity]") {
  Connection connection = database();
  CHECK(load_number(connection, "acked") == std::nullopt);
  save_number(connection, "acked", 0);
  CHECK(load_number(connection, "acked") == 0);
  save_number(connection, "acked", UINT64_MAX);
  save_number(connection, "other", 7);
  CHECK(load_number(connection, "acked") == UINT64_MAX);
  CHECK(load_number(connection, "other") == 7);
}

}  // namespace
}  // namespace cairn::storage::identity_test
