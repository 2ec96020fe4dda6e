#include "edge-agent/workflows/pick.h"

#include "tests/edge-agent/support/device.h"

namespace cairn::agent::pick_test {
namespace {

using namespace test;
using Kind = ScanVerdict::Kind;

/// Two tasks wait: group 1 wants two A1 and one A2, group 2 twenty A3 (to be keyed) and, on two
/// lines, one and two A1.
struct Device : test::Device {
  Device() {
    allocate(1, {{1, "A1", 2}, {2, "A2", 1}});
    allocate(2, {{1, "A3", 20}, {2, "A1", 1}, {3, "A1", 2}});
  }

  Pick pick{12 * kMilliPerUnit};

  Result<> claim(std::uint64_t group, const Operator& by = kBench1) {
    return job(
        [this, group, &by](UnitOfWork& work) { return pick.claim(work, group_id(group), by); });
  }
  Result<> release(std::uint64_t group, const Operator& by = kBench1, bool by_force = false) {
    return job([this, group, &by, by_force](UnitOfWork& work) {
      return pick.release(work, group_id(group), by, by_force);
    });
  }
  Result<ScanVerdict> scan(const Barcode& barcode, const Operator& by = kBench1) {
    return job([this, &barcode, &by](UnitOfWork& work) { return pick.scan(work, by, barcode); });
  }
  /// Scans article A<number> by its GTIN.
  Result<ScanVerdict> scan(std::uint64_t number, const Operator& by = kBench1) {
    return scan(label_of(number), by);
  }
  Result<ScanVerdict> key(std::int64_t milli, const Operator& by = kBench1) {
    return job([this, milli, &by](UnitOfWork& work) { return pick.key_quantity(work, by, milli); });
  }
  /// A report of group 1, by bench 1.
  auto reporting(Pick::Short missing, const Operator& by = kBench1, std::uint64_t group = 1) {
    return [this, missing, by, group](UnitOfWork& work) {
      return pick.report_short(work, group_id(group), missing, by);
    };
  }
};

void refused(const Error& error, ErrorCode code, const std::string& reason) {
  CHECK(error.code == code);
  CHECK(error.reason == reason);
  CHECK_FALSE(error.message.empty());
}

// ---- claim and release ----

TEST_CASE("pick: a station claims a task, once however often it asks", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  REQUIRE(device.claim(1));
  CHECK(device.written() == 1);
  CHECK(device.status(1) == "PICKING");
  const auto& claim = device.replica().ship_group(group_id(1)).claim;
  REQUIRE(claim);
  CHECK(claim->station == "bench-1");
  CHECK(claim->actor == user(1));
}

TEST_CASE("pick: what another station holds cannot be claimed", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1, kBench1));
  const auto other = device.claim(1, kBench2);
  REQUIRE_FALSE(other);
  refused(other.error(), ErrorCode::kConflict, "claimed_by_other");
  CHECK(other.error().message.find("bench-1") != std::string::npos);
  CHECK(device.written() == 1);
}

TEST_CASE("pick: a station finishes or gives back its task before it takes the next",
          "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  const auto busy = device.claim(2);
  REQUIRE_FALSE(busy);
  refused(busy.error(), ErrorCode::kConflict, "station_busy");
  CHECK(busy.error().message.find("order-1") != std::string::npos);
  CHECK(device.claim(2, kBench2));
  REQUIRE(device.release(2, kBench2));
  REQUIRE(device.release(1));
  CHECK(device.claim(2));
}

TEST_CASE("pick: a task that is picked and waits for its lorry keeps no station busy",
          "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  for (const std::uint64_t article : {1U, 1U, 2U}) REQUIRE(device.scan(article));
  CHECK(device.status(1) == "PICKED");
  CHECK(device.claim(2));
}

TEST_CASE("pick: a task that does not exist cannot be claimed", "[agent][pick]") {
  Device device;
  const auto none = device.claim(9);
  REQUIRE_FALSE(none);
  refused(none.error(), ErrorCode::kNotFound, "no_such_group");
}

TEST_CASE("pick: a task is given back by its station, or taken away by force", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  REQUIRE(device.scan(1));
  const auto stranger = device.release(1, kBench2);
  REQUIRE_FALSE(stranger);
  refused(stranger.error(), ErrorCode::kRejected, "not_claimed_here");
  REQUIRE(device.release(1, kBench2, true));
  CHECK_FALSE(device.replica().ship_group(group_id(1)).claim);
  // What was picked stays picked, and whoever takes over goes on from there.
  CHECK(device.replica().ship_group(group_id(1)).find(LineNo(1))->in.picked_milli == pieces(1));
  const auto lost = device.scan(1);
  REQUIRE_FALSE(lost);
  refused(lost.error(), ErrorCode::kRejected, "no_task");
  REQUIRE(device.claim(1, kBench2));
  const auto verdict = device.scan(1, kBench2);
  REQUIRE(verdict);
  CHECK(verdict->line_open_milli == 0);
  const auto again = device.release(2);
  REQUIRE_FALSE(again);
  refused(again.error(), ErrorCode::kRejected, "not_claimed");
}

// ---- scan ----

TEST_CASE("pick: a right scan takes one unit and says what is left", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  const auto verdict = device.scan(1);
  REQUIRE(verdict);
  CHECK(verdict->kind == Kind::kOk);
  CHECK(verdict->group == group_id(1));
  CHECK(verdict->order_reference == "order-1");
  CHECK(verdict->line == LineNo(1));
  CHECK(verdict->sku == sku("A1"));
  CHECK(verdict->name == "Article A1");
  CHECK(verdict->taken_milli == pieces(1));
  CHECK(verdict->line_open_milli == pieces(1));
  CHECK(verdict->open_milli == pieces(2));
  const auto logged = device.replica().log().read(verdict->event);
  REQUIRE(logged);
  CHECK(wire::decode_record(logged->record)->type == domain::LinePicked::kTypeId);
  CHECK(device.on_hand("A1", "B-1") == pieces(9));
  CHECK(device.on_hand("A1", domain::tote_of(group_id(1)).text()) == pieces(1));

  REQUIRE(device.scan(1));
  const auto last = device.scan(2);
  REQUIRE(last);
  CHECK(last->open_milli == 0);
  CHECK(device.status(1) == "PICKED");
}

TEST_CASE("pick: every wrong scan has its reason, and changes nothing", "[agent][pick]") {
  Device device;
  struct Row {
    std::string reason;
    Barcode barcode;
  };
  const std::string a3 = gtin(3).text();
  const std::string unknown = gtin(99).text();
  const std::vector<Row> rows{
      {"unknown_item", {"E0", unknown}},   {"unknown_item", {"", "4711"}},
      {"unknown_item", {"", ""}},          {"unknown_item", {"", "not an article\x1d"}},
      {"unknown_item", {"C1", "10BATCH"}}, {"wrong_item", {"E0", a3}},
      {"wrong_item", {"", "A3"}},          {"wrong_item", {"C1", "01" + a3 + "10BATCH"}},
  };
  REQUIRE(device.claim(1));
  const std::string rows_before = storage::test::dump_projections(device.connection());
  for (const Row& row : rows) {
    CAPTURE(row.barcode.data);
    const auto verdict = device.scan(row.barcode);
    REQUIRE_FALSE(verdict);
    refused(verdict.error(), ErrorCode::kRejected, row.reason);
  }
  CHECK(device.written() == 1);
  CHECK(storage::test::dump_projections(device.connection()) == rows_before);
  // The picker can go on.
  CHECK(device.scan(1));
}

TEST_CASE("pick: a wrong item is named, so that it finds its way back", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  const auto verdict = device.scan(3);
  REQUIRE_FALSE(verdict);
  CHECK(verdict.error().message.find("Article A3") != std::string::npos);
  CHECK(verdict.error().message.find("order-1") != std::string::npos);
}

TEST_CASE("pick: without a task a scan takes nothing", "[agent][pick]") {
  Device device;
  const auto verdict = device.scan(1);
  REQUIRE_FALSE(verdict);
  refused(verdict.error(), ErrorCode::kRejected, "no_task");
  CHECK(device.written() == 0);
  REQUIRE(device.claim(1, kBench2));
  CHECK_FALSE(device.scan(1, kBench1));
}

TEST_CASE("pick: one unit too many is refused", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  REQUIRE(device.scan(1));
  REQUIRE(device.scan(1));
  const std::uint64_t written = device.written();
  const auto verdict = device.scan(1);
  REQUIRE_FALSE(verdict);
  refused(verdict.error(), ErrorCode::kRejected, "over_pick");
  CHECK(verdict.error().message.find("Article A1") != std::string::npos);
  CHECK(device.written() == written);
}

TEST_CASE("pick: a label without a GTIN is read as the article's own number", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  const auto verdict = device.scan(Barcode{"", "A2"});
  REQUIRE(verdict);
  CHECK(verdict->sku == sku("A2"));
}

TEST_CASE("pick: an element string carries the article's number too", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  const auto verdict = device.scan(Barcode{"d2", "01" + gtin(1).text() + "17261231"});
  REQUIRE(verdict);
  CHECK(verdict->sku == sku("A1"));
}

TEST_CASE("pick: an article on two lines fills the first, then the second", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(2));
  std::vector<std::uint32_t> lines;
  for (int i = 0; i < 3; ++i) {
    const auto verdict = device.scan(1);
    REQUIRE(verdict);
    lines.push_back(verdict->line.value());
  }
  CHECK(lines == std::vector<std::uint32_t>{2, 3, 3});
  const auto more = device.scan(1);
  REQUIRE_FALSE(more);
  refused(more.error(), ErrorCode::kRejected, "over_pick");
}

TEST_CASE("pick: units come from the bin that has them, else from where nobody counted",
          "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  REQUIRE(device.scan(1));
  REQUIRE(device.scan(2));
  CHECK(device.on_hand("A1", "B-1") == pieces(9));
  CHECK(device.on_hand("A2", "UNKNOWN") == pieces(-1));
}

TEST_CASE("pick: an article that was taken off sale is no article at the scanner",
          "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  CHECK(device.scan(4).error().reason == "wrong_item");
  auto gone = storage::test::product("A4", 4);
  gone.active = false;
  device.define(gone);
  device.hear();
  CHECK(device.scan(4).error().reason == "unknown_item");
}

TEST_CASE("pick: a task carries its own articles: taking one off sale does not stop it",
          "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  auto gone = storage::test::product("A1", 1);
  gone.active = false;
  device.define(gone);
  device.hear();
  CHECK(device.scan(1));
}

// ---- keyed quantities ----

TEST_CASE("pick: a long line is scanned once and keyed", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(2));
  const auto pending = device.scan(3);
  REQUIRE(pending);
  CHECK(pending->kind == Kind::kPending);
  CHECK(pending->line == LineNo(1));
  CHECK(pending->taken_milli == 0);
  CHECK(pending->line_open_milli == pieces(20));
  CHECK(pending->event == EventRef{});
  CHECK(device.written() == 1);

  const auto part = device.key(pieces(15));
  REQUIRE(part);
  CHECK(part->kind == Kind::kOk);
  CHECK(part->taken_milli == pieces(15));
  CHECK(part->line_open_milli == pieces(5));
  CHECK(device.replica().log().read(part->event));

  const auto again = device.key(pieces(5));  // the first read is used up
  REQUIRE_FALSE(again);
  refused(again.error(), ErrorCode::kConflict, "nothing_pending");
  REQUIRE(device.scan(3)->kind == Kind::kPending);  // the line is long, however little is left
  const auto rest = device.key(pieces(5));
  REQUIRE(rest);
  CHECK(rest->line_open_milli == 0);
}

TEST_CASE("pick: a line of exactly the limit is scanned unit by unit", "[agent][pick]") {
  Device device;
  device.pick = Pick(20 * kMilliPerUnit);
  REQUIRE(device.claim(2));
  const auto verdict = device.scan(3);
  REQUIRE(verdict);
  CHECK(verdict->kind == Kind::kOk);
  CHECK(verdict->taken_milli == pieces(1));
}

TEST_CASE("pick: a keyed quantity that cannot be leaves the question open", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(2));
  REQUIRE(device.scan(3));
  struct Row {
    std::int64_t milli;
    ErrorCode code;
    std::string reason;
  };
  for (const Row& row : std::vector<Row>{{pieces(21), ErrorCode::kRejected, "over_pick"},
                                         {0, ErrorCode::kInvalid, "bad_quantity"},
                                         {-pieces(1), ErrorCode::kInvalid, "bad_quantity"},
                                         {500, ErrorCode::kInvalid, "bad_quantity"}}) {
    CAPTURE(row.milli);
    const auto verdict = device.key(row.milli);
    REQUIRE_FALSE(verdict);
    refused(verdict.error(), row.code, row.reason);
  }
  CHECK(device.written() == 1);
  CHECK(device.key(pieces(20)));
}

TEST_CASE("pick: the next scan, right or wrong, ends the open question", "[agent][pick]") {
  for (const std::uint64_t next : {1U, 99U}) {
    CAPTURE(next);
    Device device;
    REQUIRE(device.claim(2));
    REQUIRE(device.scan(3));
    const auto other = device.scan(next);
    CHECK(other.has_value() == (next == 1));
    const auto late = device.key(pieces(1));
    REQUIRE_FALSE(late);
    refused(late.error(), ErrorCode::kConflict, "nothing_pending");
  }
}

TEST_CASE("pick: each station has its own open question", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(2, kBench1));
  REQUIRE(device.claim(1, kBench2));
  REQUIRE(device.scan(3, kBench1));
  REQUIRE(device.scan(1, kBench2));
  CHECK_FALSE(device.key(pieces(2), kBench2));
  CHECK(device.key(pieces(2), kBench1));
}

TEST_CASE("pick: a task that was taken away takes no keyed quantity", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(2));
  REQUIRE(device.scan(3));
  REQUIRE(device.release(2, kBench2, true));
  const auto late = device.key(pieces(2));
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::kRejected);
  CHECK(device.replica().ship_group(group_id(2)).find(LineNo(1))->in.picked_milli == 0);
}

// ---- short ----

TEST_CASE("pick: units that are missing are reported, with what it means for the stock",
          "[agent][pick]") {
  struct Row {
    domain::ShortReason reason;
    std::int64_t in_bin;
    std::int64_t damaged;
  };
  for (const Row& row :
       {Row{domain::ShortReason::kNotInStock, 0, 0}, Row{domain::ShortReason::kShortPartial, 9, 0},
        Row{domain::ShortReason::kDamaged, 9, 1}, Row{domain::ShortReason::kStoreBusy, 10, 0}}) {
    CAPTURE(name_of(row.reason));
    Device device;
    REQUIRE(device.claim(1));
    REQUIRE(device.job(device.reporting({LineNo(1), pieces(1), row.reason})));
    const auto* const line = device.group(1).find(LineNo(1));
    CHECK(line->in.short_milli == pieces(1));
    CHECK(line->in.open_milli == pieces(1));
    CHECK(device.on_hand("A1", "B-1") == pieces(row.in_bin));
    CHECK(device.on_hand("A1", domain::hold_damaged().text()) == pieces(row.damaged));
    CHECK(device.status(1) == "PICKING");
  }
}

TEST_CASE("pick: a task of which nothing is to be had is done", "[agent][pick]") {
  Device device;
  REQUIRE(device.claim(1));
  REQUIRE(device.job(device.reporting({LineNo(1), pieces(2), domain::ShortReason::kNotInStock})));
  REQUIRE(device.job(device.reporting({LineNo(2), pieces(1), domain::ShortReason::kNotInStock})));
  CHECK(device.status(1) == "REJECTED");
  CHECK(device.claim(2));
  // Nobody ever counted A2 here: it was looked for where nobody knows.
  CHECK(device.rows("SELECT location FROM stock_cell WHERE sku = 'A2'", 1) == "UNKNOWN\n");
}

TEST_CASE("pick: a report that cannot be is refused with its reason", "[agent][pick]") {
  Device device;
  const Pick::Short one{LineNo(1), pieces(1), domain::ShortReason::kNotInStock};
  device.refused(ErrorCode::kRejected, "not_claimed", device.reporting(one));
  device.refused(ErrorCode::kNotFound, "no_such_line", device.reporting(one, kBench1, 9));
  REQUIRE(device.claim(1));
  device.refused(ErrorCode::kRejected, "not_claimed_here", device.reporting(one, kBench2));
  device.refused(ErrorCode::kNotFound, "no_such_line",
                 device.reporting({LineNo(9), pieces(1), one.reason}));
  device.refused(ErrorCode::kRejected, "over_short",
                 device.reporting({LineNo(1), pieces(3), one.reason}));
  for (const std::int64_t milli : {std::int64_t{0}, -pieces(1), std::int64_t{500}}) {
    CAPTURE(milli);
    device.refused(ErrorCode::kInvalid, "bad_quantity",
                   device.reporting({LineNo(1), milli, one.reason}));
  }
  for (const std::uint64_t article : {1U, 1U, 2U}) REQUIRE(device.scan(article));
  device.refused(ErrorCode::kRejected, "already_picked", device.reporting(one));
}

// ---- labels with a weight ----

/// Group 9 wants 2 kg of an article whose labels carry the weight: 23 123456 and the grams.
struct Deli : Device {
  Deli() {
    auto event = storage::test::allocated(group_id(9), order_id(9), {{1, "A1", 2}});
    event.lines.front().gtins = {*Gtin::parse("2312345600004")};
    event.lines.front().ordered = {2000, Uom::kKilogram};
    decide(9, event);
    hear();
    pick = Pick(12 * kMilliPerUnit, gs1::national_scheme("se"));
    REQUIRE(claim(9));
  }
  static Barcode label(const std::string& twelve) {
    return {"E0", twelve + static_cast<char>('0' + gs1_check_digit(twelve))};
  }
};

TEST_CASE("pick: the weight on a label is what is picked", "[agent][pick]") {
  Deli deli;
  REQUIRE(Deli::label("231234560000").data == "2312345600004");
  const auto verdict = deli.scan(Deli::label("231234561234"));
  REQUIRE(verdict);
  CHECK(verdict->kind == Kind::kOk);
  CHECK(verdict->taken_milli == 1234);
  CHECK(verdict->line_open_milli == 766);
  const auto heavy = deli.scan(Deli::label("231234560800"));
  REQUIRE_FALSE(heavy);
  CHECK(heavy.error().reason == "over_pick");
}

TEST_CASE("pick: a label with a price, or without its weight, is keyed", "[agent][pick]") {
  Deli deli;
  const auto plain = deli.scan(Deli::label("231234560000"));
  REQUIRE(plain);
  CHECK(plain->kind == Kind::kPending);
  deli.pick =
      Pick(12 * kMilliPerUnit,
           {*gs1::MeasureTemplate::parse("23IIIIIIPPPPC", gs1::MeasureKind::kPrice, 2, "SEK")});
  const auto price = deli.scan(Deli::label("231234561234"));
  REQUIRE(price);
  CHECK(price->kind == Kind::kPending);
}

TEST_CASE("pick: without a scheme, or of another article, a measured label is no item",
          "[agent][pick]") {
  Deli deli;
  const auto other = deli.scan(Deli::label("239999991234"));
  REQUIRE_FALSE(other);
  CHECK(other.error().reason == "unknown_item");
  deli.pick = Pick(12 * kMilliPerUnit);
  const auto none = deli.scan(Deli::label("231234561234"));
  REQUIRE_FALSE(none);
  CHECK(none.error().reason == "unknown_item");
}

}  // namespace
}  // namespace cairn::agent::pick_test
