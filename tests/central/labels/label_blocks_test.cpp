#include "central/labels/label_blocks.h"

#include "core/storage/projections/reference_data.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <set>
#include <string>

namespace cairn::central::label_blocks_test {
namespace {

using storage::UnitOfWork;
using storage::test::node;
using storage::test::site;

struct Hub : storage::test::GroupHub {
  Hub() {
    for (const std::uint64_t number : {1U, 2U}) {
      append(domain::ReferenceEvent(
                 domain::NodeRegistered{{node(number), site("store"), "agent", true}}),
             domain::node_key(node(number)), site("store"));
    }
  }
  Result<> ensure(std::uint64_t number, std::uint64_t inc = 1) {
    return job([&](UnitOfWork& work) {
      return ensure_label_block(work, config, node(number), Incarnation(inc));
    });
  }
  /// "first+count ..." of an incarnation.
  std::string blocks(std::uint64_t number, std::uint64_t inc = 1) {
    std::string text;
    for (const auto& granted :
         storage::label_serials(connection(), node(number), Incarnation(inc)).blocks) {
      text += std::to_string(granted.block.first) + "+" + std::to_string(granted.block.count) + " ";
    }
    return text;
  }
  /// The node has put labels on packages.
  void use(std::uint64_t number, int labels) {
    for (int i = 0; i < labels; ++i) {
      label(1, {node(number), Incarnation(1), 1}, static_cast<std::uint64_t>(i), number);
    }
  }

  LabelConfig config{domain::Gs1Prefix::parse("9521234567").value(), 10};
};

TEST_CASE("label blocks: a device gets one, and another when less than half of one is left",
          "[central][labels]") {
  Hub hub;
  REQUIRE(hub.ensure(1));
  CHECK(hub.blocks(1) == "0+10 ");
  REQUIRE(hub.ensure(1));
  CHECK(hub.blocks(1) == "0+10 ");
  hub.use(1, 5);
  REQUIRE(hub.ensure(1));
  CHECK(hub.blocks(1) == "0+10 ");
  hub.use(1, 1);
  REQUIRE(hub.ensure(1));
  CHECK(hub.blocks(1) == "0+10 10+10 ");
  REQUIRE(hub.ensure(1));
  CHECK(hub.blocks(1) == "0+10 10+10 ");
}

TEST_CASE("label blocks: no two devices, and no two lives of one, have the same serials",
          "[central][labels]") {
  Hub hub;
  for (const std::uint64_t inc : {1U, 2U, 3U}) {
    for (const std::uint64_t number : {1U, 2U}) REQUIRE(hub.ensure(number, inc));
  }
  std::set<std::uint64_t> serials;
  for (const std::uint64_t inc : {1U, 2U, 3U}) {
    for (const std::uint64_t number : {1U, 2U}) {
      for (const auto& granted :
           storage::label_serials(hub.connection(), node(number), Incarnation(inc)).blocks) {
        for (std::uint64_t i = 0; i < granted.block.count; ++i) {
          CHECK(serials.insert(granted.block.first + i).second);
        }
      }
    }
  }
  CHECK(serials.size() == 60);
}

TEST_CASE("label blocks: they go to their device alone, and it knows them", "[central][labels]") {
  Hub hub;
  REQUIRE(hub.ensure(1));
  storage::test::Store device(storage::test::site_identity(node(1), site("store")));
  REQUIRE(device.take_feed(hub.frame_of("n:" + node(1).value().text())));
  const auto serials = storage::label_serials(device.connection(), node(1), Incarnation(1));
  REQUIRE(serials.blocks.size() == 1);
  CHECK(serials.left() == 10);
  CHECK(serials.blocks[0].prefix == hub.config.prefix);
}

TEST_CASE("label blocks: the last serials of a prefix are given out, then there are none",
          "[central][labels]") {
  Hub hub;
  hub.config.block = 600'000;
  REQUIRE(hub.ensure(1));
  REQUIRE(hub.ensure(2));
  CHECK(hub.blocks(1) == "0+600000 ");
  CHECK(hub.blocks(2) == "600000+400000 ");
  const auto none = hub.ensure(1, 2);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::kUnavailable);
  CHECK(none.error().reason == "no_serials_left");
  // Another of the same length has no more: tracking numbers have no prefix. A shorter one has.
  hub.config.prefix = domain::Gs1Prefix::parse("9521234568").value();
  CHECK_FALSE(hub.ensure(1, 2));
  hub.config.prefix = domain::Gs1Prefix::parse("952123456").value();
  REQUIRE(hub.ensure(1, 2));
  CHECK(hub.blocks(1, 2) == "1000000+600000 ");
}

TEST_CASE("label blocks: a company without a prefix prints no labels", "[central][labels]") {
  Hub hub;
  hub.config = {};
  REQUIRE(hub.ensure(1));
  CHECK(hub.blocks(1).empty());
}

}  // namespace
}  // namespace cairn::central::label_blocks_test
