// Every state of a stock cell with every event: stock has no commands to refuse, whatever happened
// to it is a fact.

#include "core/domain/stock/stock.h"
#include "tests/core/domain/support/story.h"
#include "tests/support/catch.h"

#include <array>
#include <string>
#include <vector>

namespace cairn::domain::stock_table_test {
namespace {

using namespace test;

struct Cell {
  std::vector<CellCount> counts;
  std::vector<CellMovement> movements;
};

StockPosition at(std::uint64_t time) { return {Hlc{time}, {kNodeA, Incarnation(1), time}}; }

/// State; then what is on hand after: three in, three out, counted 7, counted 0, and after the same
/// events from before everything that is known.
struct Row {
  std::string state;
  Cell cell;
  std::array<std::int64_t, 4> later;
  std::array<std::int64_t, 4> earlier;
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      {"never heard of", {}, {3000, -3000, 7000, 0}, {3000, -3000, 7000, 0}},
      {"moved in, never counted",
       {{}, {{at(10), 5000}}},
       {8000, 2000, 7000, 0},
       {8000, 2000, 12'000, 5000}},
      {"moved out, never counted",
       {{}, {{at(10), -2000}}},
       {1000, -5000, 7000, 0},
       {1000, -5000, 5000, -2000}},
      {"counted", {{{at(10), 5000}}, {}}, {8000, 2000, 7000, 0}, {5000, 5000, 5000, 5000}},
      {"counted empty", {{{at(10), 0}}, {}}, {3000, -3000, 7000, 0}, {0, 0, 0, 0}},
      {"counted, then moved",
       {{{at(10), 5000}}, {{at(11), -1000}}},
       {7000, 1000, 7000, 0},
       {4000, 4000, 4000, 4000}},
  };
  return rows;
}

std::int64_t after(Cell cell, std::size_t event, StockPosition when) {
  if (event == 0) cell.movements.push_back({when, 3000});
  if (event == 1) cell.movements.push_back({when, -3000});
  if (event == 2) cell.counts.push_back({when, 7000});
  if (event == 3) cell.counts.push_back({when, 0});
  return on_hand_milli(cell.counts, cell.movements);
}

TEST_CASE("stock table: every state with every event, late or in time", "[domain][stock][table]") {
  for (const Row& row : table()) {
    for (std::size_t event = 0; event < row.later.size(); ++event) {
      CAPTURE(row.state, event);
      CHECK(after(row.cell, event, at(100)) == row.later.at(event));
      CHECK(after(row.cell, event, at(1)) == row.earlier.at(event));
    }
  }
}

}  // namespace
}  // namespace cairn::domain::stock_table_test
