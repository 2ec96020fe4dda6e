#include "core/wire/routing_trace.h"

#include "tests/core/base/support/names.h"
#include "tests/core/wire/support/fixture.h"
#include "tests/support/catch.h"

#include "routing_trace.pb.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::wire::routing_trace_test {
namespace {

using namespace cairn::test;
using namespace test;
using domain::Assignment;
using domain::CostMethod;
using domain::RoutingTrace;
using domain::SiteExclusion;

/// Decided: what the trace says was assigned is what assign() says.
RoutingTrace decided(RoutingTrace trace) {
  const auto made = domain::assign(trace.candidates, trace.rules);
  REQUIRE(made);
  trace.assigned = *made;
  return trace;
}

/// Three lines, of which two go together, four sites, one of them left out.
RoutingTrace by_cost() {
  RoutingTrace trace;
  trace.order = order_id(7);
  trace.decided_at = utc("2026-11-27T12:00:00.250Z");
  trace.rule = "cheapest";
  trace.excluded = {{site("depot-9"), SiteExclusion::kStale}};
  trace.candidates.needs = {{LineNo(1), sku("MUG"), 2000, 799, 4},
                            {LineNo(2), sku("LAMP"), 1000, 4500, 0},
                            {LineNo(5), sku("SAUCER"), 2000, 399, 4}};
  trace.candidates.sites = {
      {site("store-1"), 4'100'000}, {site("store-2"), 4'200'000}, {site("depot-1"), 10'500'000}};
  trace.candidates.offers = {{2000, 150'000},   {0, 0},       {3000, 100'000},  //
                             {-1000, 0},        {1000, 5000}, {2000, 100'000},  //
                             {50'000, -90'000}, {8000, 0},    {50'000, 20'000}};
  trace.rules.assignment = Assignment::kCost;
  trace.rules.cost.split_penalty_micro = 1'000'000;
  trace.rules.cost.shipments_most = 3;
  trace.rules.cost.threshold_minor = 1000;
  return decided(trace);
}

/// A part of a line goes, a part stays.
RoutingTrace by_turns() {
  RoutingTrace trace = by_cost();
  trace.rule = "near stores";
  trace.candidates.needs[1].milli = 12'000;
  trace.rules.assignment = Assignment::kMulti;
  return decided(trace);
}

/// Eleven lines: not decided exactly. Waits at the first of them.
RoutingTrace too_large() {
  RoutingTrace trace;
  trace.order = order_id(8);
  trace.decided_at = utc("2026-11-27T12:00:01Z");
  trace.rule = "cheapest";
  trace.candidates.sites = {{site("store-1"), 10}, {site("store-2"), 20}};
  for (std::uint32_t line = 1; line <= 11; ++line) {
    trace.candidates.needs.push_back(
        {LineNo(line), sku("ART-" + std::to_string(line)), 1000, 100, 0});
  }
  for (int store = 1; store <= 2; ++store) {
    for (int line = 1; line <= 11; ++line) {
      trace.candidates.offers.push_back({line % 2 + 1 == store && line > 1 ? 1000 : 0, line});
    }
  }
  trace.rules.assignment = Assignment::kCost;
  trace.rules.cost.partial = domain::PartialOrders::kSplitLines;
  return decided(trace);
}

struct Golden {
  std::string name;
  RoutingTrace trace;
  std::string hash;
};

std::vector<Golden> goldens() {
  return {{"cost", by_cost(), "eeaf3ca31a83d00a2ebbba5c7d3768e0"},
          {"multi", by_turns(), "c3772e1354aedd4305da76e96ddd10ca"},
          {"fewest-sites", too_large(), "9ab3f7007ca80a10e3d38aeb0c256262"}};
}

TEST_CASE(
    "routing trace: the committed traces are read and written as ever, and replay bit for bit",
    "[wire][routing][golden]") {
  for (const Golden& golden : goldens()) {
    CAPTURE(golden.name);
    const auto written = encode(golden.trace);
    REQUIRE(written);
    INFO("tests/fixtures/routing/" << golden.name << ".v1.hex should hold\n"
                                   << as_fixture(*written));
    const Bytes stored = fixture("routing/" + golden.name + ".v1.hex");
    REQUIRE_FALSE(stored.empty());
    CHECK(to_hex(*written) == to_hex(stored));
    CHECK(to_hex(crypto::to_bytes(routing_trace_hash(stored))) == golden.hash);

    const auto read = decode_routing_trace(stored);
    REQUIRE(read);
    CHECK(*read == golden.trace);
    const auto again = domain::replay(*read);
    REQUIRE(again);
    auto replayed = *read;
    replayed.assigned = *again;
    CHECK(encode(replayed) == stored);
  }
}

TEST_CASE("routing trace: the samples are what they are meant to be", "[wire][routing]") {
  const RoutingTrace cost = by_cost();
  REQUIRE(cost.assigned.groups.size() == 2);
  CHECK(cost.assigned.groups[0].site == site("store-1"));
  CHECK(cost.assigned.groups[1].site == site("store-2"));
  CHECK(cost.assigned.cost_micro == 4'100'000 + 500'000 + 4'200'000 + 5000 + 1'000'000);
  CHECK_FALSE(by_turns().assigned.rest.empty());
  CHECK(too_large().assigned.method == CostMethod::kFewestSites);
  CHECK(too_large().assigned.groups.size() == 2);
  CHECK(too_large().assigned.rest.size() == 1);
}

TEST_CASE("routing trace: damaged octets are refused with a sentence, whatever is damaged",
          "[wire][routing]") {
  const auto good = encode(by_cost());
  REQUIRE(good);
  const auto refused = [](BytesView octets) {
    const auto read = decode_routing_trace(octets);
    return !read && read.error().code == ErrorCode::kCorrupt &&
           read.error().reason == "bad_routing_trace" && !read.error().message.empty();
  };
  CHECK(refused(""));
  CHECK(refused("trace"));
  for (std::size_t size = 0; size < good->size(); ++size) {
    CAPTURE(size);
    CHECK(refused(good->substr(0, size)));
  }
  const auto changed = [&good](const std::function<void(v1::RoutingTrace&)>& change) {
    v1::RoutingTrace proto;
    REQUIRE(proto.ParseFromString(*good));
    change(proto);
    return proto.SerializeAsString();
  };
  CHECK_FALSE(refused(changed([](auto&) {})));
  CHECK(refused(changed([](auto& p) { p.set_version(0); })));
  CHECK(refused(changed([](auto& p) { p.set_order("short"); })));
  CHECK(refused(changed([](auto& p) { p.set_decided_at_us(INT64_MAX); })));
  CHECK(refused(changed([](auto& p) { p.clear_rule(); })));
  CHECK(refused(changed([](auto& p) { p.set_rule(std::string(65, 'r')); })));
  CHECK(refused(changed([](auto& p) { p.mutable_excluded(0)->set_why(15); })));
  CHECK(refused(changed([](auto& p) { p.mutable_excluded(0)->set_site("A b"); })));
  CHECK(refused(changed([](auto& p) { p.mutable_needs(0)->set_line(0); })));
  CHECK(refused(changed([](auto& p) { p.mutable_needs(0)->set_milli(0); })));
  CHECK(refused(changed([](auto& p) { p.mutable_needs(0)->set_unit_value_minor(UINT64_MAX); })));
  CHECK(refused(changed([](auto& p) { p.mutable_candidates(0)->add_unit_micro(1); })));
  CHECK(refused(changed([](auto& p) { p.mutable_candidates(1)->set_site("store-1"); })));
  CHECK(refused(changed([](auto& p) { p.mutable_candidates(1)->set_fixed_micro(UINT64_MAX); })));
  CHECK(refused(changed([](auto& p) { p.mutable_rules()->set_assignment(4); })));
  CHECK(refused(changed([](auto& p) { p.mutable_rules()->set_assignment(259); })));
  CHECK(refused(changed([](auto& p) { p.mutable_assigned()->set_method(0); })));
  CHECK(refused(changed([](auto& p) { p.clear_assigned(); })));
}

TEST_CASE("routing trace: the same in another form is refused, its hash would be another",
          "[wire][routing]") {
  const auto good = encode(by_cost());
  REQUIRE(good);
  const Bytes unknown_field = *good + "\xf8\x07\x01";
  CHECK_FALSE(decode_routing_trace(unknown_field));
  CHECK_FALSE(decode_routing_trace(*good + *encode(RoutingTrace{by_cost()})));
  CHECK(routing_trace_hash(*good) != routing_trace_hash(unknown_field));
}

TEST_CASE("routing trace: one that decides nothing new is told from one that does",
          "[wire][routing]") {
  RoutingTrace forged = by_cost();
  forged.assigned.groups.front().site = site("depot-1");
  const auto octets = encode(forged);
  REQUIRE(octets);
  const auto read = decode_routing_trace(*octets);
  REQUIRE(read);
  const auto again = domain::replay(*read);
  REQUIRE(again);
  CHECK_FALSE(*again == read->assigned);
}

}  // namespace
}  // namespace cairn::wire::routing_trace_test
