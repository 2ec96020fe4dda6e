#include "core/domain/stock/stock.h"

#include "tests/core/domain/support/property.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <tuple>
#include <utility>
#include <vector>

namespace cairn::domain::stock_test {
namespace {

using namespace test;
using cairn::test::holds;

StockPosition at(std::uint64_t time, std::uint8_t by, std::uint64_t seq) {
  return {Hlc{time}, {node(by), Incarnation(1), seq}};
}

TEST_CASE("stock: without a count on-hand is the sum of all movements", "[domain][stock]") {
  CHECK(on_hand_milli({}, {}) == 0);
  CHECK(on_hand_milli({}, {{at(1, 1, 1), 5000}, {at(2, 1, 2), -7000}}) == -2000);
}

TEST_CASE("stock: on-hand is the last count and the movements after it", "[domain][stock]") {
  const std::vector<CellCount> counts{{at(20, 1, 2), 8000}, {at(10, 1, 1), 3000}};
  CHECK(on_hand_milli(counts, {}) == 8000);
  CHECK(on_hand_milli(counts, {{at(5, 1, 9), 1000}, {at(15, 1, 9), 1000}}) == 8000);
  CHECK(on_hand_milli(counts, {{at(21, 2, 9), -1000}, {at(30, 2, 10), 250}}) == 7250);
}

TEST_CASE("stock: a sale that was made before the count but sent after it is already in it",
          "[domain][stock]") {
  const std::vector<CellCount> counts{{at(10, 1, 1), 5000}};
  std::vector<CellMovement> movements{{at(11, 2, 7), -1000}};
  CHECK(on_hand_milli(counts, movements) == 4000);
  movements.push_back({at(9, 2, 6), -1000});
  CHECK(on_hand_milli(counts, movements) == 4000);
}

TEST_CASE("stock: at the same instant node, incarnation and sequence settle what came first",
          "[domain][stock]") {
  const std::vector<CellCount> counts{{at(10, 5, 5), 1000}};
  CHECK(on_hand_milli(counts, {{at(10, 5, 4), 1}}) == 1000);
  CHECK(on_hand_milli(counts, {{at(10, 5, 6), 1}}) == 1001);
  CHECK(on_hand_milli(counts, {{at(10, 4, 9), 1}}) == 1000);
  CHECK(on_hand_milli(counts, {{at(10, 6, 1), 1}}) == 1001);
  const StockPosition clone{Hlc{10}, {node(5), Incarnation(2), 1}};
  CHECK(on_hand_milli(counts, {{clone, 1}}) == 1001);
}

TEST_CASE("stock: a bin counted empty is empty, whatever moved before", "[domain][stock]") {
  CHECK(on_hand_milli({{at(10, 1, 3), 0}}, {{at(1, 1, 1), 9000}, {at(2, 1, 2), -500}}) == 0);
}

TEST_CASE("stock: a negative count and negative stock are shown as they are", "[domain][stock]") {
  CHECK(on_hand_milli({{at(10, 1, 1), -3000}}, {{at(11, 1, 2), 1000}}) == -2000);
}

// ---- properties ----

struct Cell {
  std::vector<CellCount> counts;
  std::vector<CellMovement> movements;
};

/// (is it a count, instant, author, quantity); the place in the list makes the sequence, with a gap
/// after each for a second half.
using Raw = std::vector<std::tuple<bool, std::uint8_t, std::uint8_t, std::int16_t>>;

Cell cell_of(const Raw& raw) {
  Cell cell;
  std::uint64_t seq = 0;
  for (const auto& [count, time, by, milli] : raw) {
    seq += 2;
    const auto position = at(time % 16U + 1U, static_cast<std::uint8_t>(by % 3U), seq);
    if (count && milli % 2 == 0) {
      cell.counts.push_back({position, milli});
    } else {
      cell.movements.push_back({position, milli});
    }
  }
  return cell;
}

std::int64_t on_hand(const Cell& cell) { return on_hand_milli(cell.counts, cell.movements); }

/// The same by another way: event after event in the one order.
std::int64_t step_by_step(const Cell& cell) {
  std::map<StockPosition, std::function<void(std::int64_t&)>> events;
  for (const auto& count : cell.counts) {
    events[count.at] = [&count](std::int64_t& milli) { milli = count.quantity_milli; };
  }
  for (const auto& movement : cell.movements) {
    events[movement.at] = [&movement](std::int64_t& milli) { milli += movement.delta_milli; };
  }
  std::int64_t milli = 0;
  for (const auto& [position, apply] : events) apply(milli);
  return milli;
}

TEST_CASE("stock: the rule is the same as applying every event in order", "[domain][stock]") {
  CHECK(holds("on_hand_milli equals a fold in order", [](const Raw& raw) {
    const Cell cell = cell_of(raw);
    return on_hand(cell) == step_by_step(cell);
  }));
}

TEST_CASE("stock: the order in which events arrive changes nothing", "[domain][stock]") {
  CHECK(holds("permutations give the same on-hand", [](const Raw& raw, std::uint32_t seed) {
    Cell cell = cell_of(raw);
    const std::int64_t before = on_hand(cell);
    std::mt19937 engine(seed);
    std::shuffle(cell.counts.begin(), cell.counts.end(), engine);
    std::shuffle(cell.movements.begin(), cell.movements.end(), engine);
    return on_hand(cell) == before;
  }));
}

TEST_CASE("stock: a movement may as well be two", "[domain][stock]") {
  CHECK(holds("splits give the same on-hand", [](const Raw& raw, std::int16_t part) {
    const Cell whole = cell_of(raw);
    Cell split{whole.counts, {}};
    for (const CellMovement& movement : whole.movements) {
      StockPosition second = movement.at;
      ++second.ref.seq;
      split.movements.push_back({movement.at, part});
      split.movements.push_back({second, movement.delta_milli - part});
    }
    return on_hand(split) == on_hand(whole);
  }));
}

TEST_CASE("stock: a late movement from before the last count changes nothing", "[domain][stock]") {
  CHECK(holds("a movement before the last count is in it",
              [](const Raw& raw, std::int16_t milli, bool same_instant) {
                Cell cell = cell_of(raw);
                RC_PRE(!cell.counts.empty());
                const std::int64_t before = on_hand(cell);
                const auto last = std::ranges::max_element(cell.counts, {}, &CellCount::at)->at;
                StockPosition late = last;
                if (same_instant) {
                  late.ref.seq -= 2;
                  late.ref.inc = Incarnation(0);
                } else {
                  late.hlc.value -= 1;
                }
                cell.movements.push_back({late, milli});
                return on_hand(cell) == before;
              }));
}

TEST_CASE("stock: what is known of two replicas adds up without counts", "[domain][stock]") {
  CHECK(holds("on-hand of a union is the sum", [](const Raw& a, const Raw& b) {
    Cell first = cell_of(a);
    Cell second = cell_of(b);
    first.counts.clear();
    second.counts.clear();
    Cell all = first;
    for (const auto& movement : second.movements) all.movements.push_back(movement);
    return on_hand(all) == on_hand(first) + on_hand(second);
  }));
}

// ---- words and checks ----

TEST_CASE("stock: reasons keep their numbers and names", "[domain][stock]") {
  const std::vector<std::tuple<MovementReason, int, std::string_view>> reasons{
      {MovementReason::kPick, 1, "PICK"},
      {MovementReason::kIssue, 2, "ISSUE"},
      {MovementReason::kCountAdj, 3, "COUNT_ADJ"},
      {MovementReason::kReceipt, 4, "RECEIPT"},
      {MovementReason::kPutBack, 5, "PUT_BACK"},
      {MovementReason::kIssueUndone, 6, "ISSUE_UNDONE"},
      {MovementReason::kShort, 7, "SHORT"},
      {MovementReason::kHold, 8, "HOLD"},
      {MovementReason::kReturnRestock, 9, "RETURN_RESTOCK"},
      {MovementReason::kReturnQc, 10, "RETURN_QC"},
      {MovementReason::kReturnDamaged, 11, "RETURN_DAMAGED"},
      {MovementReason::kPickUndone, 12, "PICK_UNDONE"},
      {MovementReason::kSale, 13, "SALE"},
      {MovementReason::kVarLost, 14, "VAR_LOST"},
      {MovementReason::kVarStolen, 15, "VAR_STOLEN"},
      {MovementReason::kVarFound, 16, "VAR_FOUND"},
      {MovementReason::kVarDamaged, 17, "VAR_DAMAGED"},
      {MovementReason::kVarIntegr, 18, "VAR_INTEGR"},
      {MovementReason::kVarSample, 19, "VAR_SAMPLE"},
  };
  for (const auto& [reason, number, name] : reasons) {
    CHECK(static_cast<int>(reason) == number);
    CHECK(name_of(reason) == name);
    CHECK_FALSE(name_of(reason).empty());
  }
  CHECK(name_of(static_cast<MovementReason>(0)).empty());
  CHECK(name_of(static_cast<MovementReason>(20)).empty());
}

TEST_CASE("stock: sources of counts keep their numbers and names", "[domain][stock]") {
  const std::vector<std::tuple<CountSource, int, std::string_view>> sources{
      {CountSource::kImport, 1, "IMPORT"},
      {CountSource::kRecount, 2, "RECOUNT"},
      {CountSource::kNotInStock, 3, "NOT_IN_STOCK"},
  };
  for (const auto& [source, number, name] : sources) {
    CHECK(static_cast<int>(source) == number);
    CHECK(name_of(source) == name);
  }
  CHECK(name_of(static_cast<CountSource>(0)).empty());
  CHECK(name_of(static_cast<CountSource>(4)).empty());
}

TEST_CASE("stock: what is set apart lies in places of its own", "[domain][stock]") {
  CHECK(hold_damaged().text() == "HOLD-DAMAGED");
  CHECK(hold_display().text() == "HOLD-DISPLAY");
  CHECK(hold_qc().text() == "HOLD-QC");
  for (const LocationCode& place : {hold_damaged(), hold_display(), hold_qc(), hold_customer()}) {
    CHECK(is_hold(place));
  }
  for (const char* const place : {"A-01", "TOTE-HOLD-1", "HOLD", "HOLDING"}) {
    CHECK_FALSE(is_hold(location(place)));
  }
  CHECK_FALSE(is_hold(LocationCode{}));
}

TEST_CASE("stock: a movement moves something from one place to another", "[domain][stock]") {
  const StockMoved good{sku("SKU-1"),        location("A-01"),      location("B-02"),
                        Quantity::pieces(1), MovementReason::kPick, kGroup};
  CHECK(validate(good));
  StockMoved moved = good;
  moved.from = LocationCode{};
  CHECK(validate(moved));
  moved = good;
  moved.to = LocationCode{};
  CHECK(validate(moved));
  const std::vector<std::function<void(StockMoved&)>> wrong{
      [](StockMoved& m) { m.quantity.milli = 0; },
      [](StockMoved& m) { m.quantity.milli = -1000; },
      [](StockMoved& m) { m.to = m.from; },
      [](StockMoved& m) { m.from = m.to = LocationCode{}; },
      [](StockMoved& m) { m.lease = StockLeaseId(cairn::test::uuid(1)); },
      [](StockMoved& m) { m.approved_by = cairn::test::user(1); },
      [](StockMoved& m) {
        m.reason = MovementReason::kSale;
        m.lease = StockLeaseId(cairn::test::uuid(1));
      },
  };
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    CAPTURE(i);
    moved = good;
    wrong[i](moved);
    const auto ok = validate(moved);
    REQUIRE_FALSE(ok);
    CHECK(ok.error().code == ErrorCode::kInvalid);
    CHECK(ok.error().reason == "bad_movement");
  }
}

}  // namespace
}  // namespace cairn::domain::stock_test
