#include "tools/bench/raw/raw_routing.h"

#include <coin/Cbc_C_Interface.h>

#include <cmath>

namespace cairn::bench::raw {
namespace {

/// Columns by what they are in: a coefficient for each row.
struct Columns {
  std::vector<int> starts{0};
  std::vector<int> rows;
  std::vector<double> values;
  std::vector<double> costs;

  void put(int row, double value) {
    rows.push_back(row);
    values.push_back(value);
  }
  void end(std::int64_t cost) {
    starts.push_back(static_cast<int>(rows.size()));
    costs.push_back(static_cast<double>(cost));
  }
};

}  // namespace

/// Rows: each line is given once; then, for each line at each site, not without opening the site.
std::optional<std::int64_t> cost_by_cbc(const Order& order) {
  const int lines = static_cast<int>(order.lines);
  const int sites = static_cast<int>(order.fixed.size());
  Columns columns;
  int row = lines;
  std::vector<std::vector<int>> uses(order.fixed.size());
  for (std::size_t i = 0; i < order.costs.size(); ++i) {
    if (order.costs[i] == kNotStocked) continue;
    columns.put(static_cast<int>(i % order.lines), 1);
    columns.put(row, 1);
    columns.end(order.costs[i]);
    uses[i / order.lines].push_back(row++);
  }
  for (std::size_t site = 0; site < order.fixed.size(); ++site) {
    for (const int use : uses[site]) columns.put(use, -1);
    columns.end(order.fixed[site]);
  }
  const int count = static_cast<int>(columns.costs.size());
  const std::vector<double> zeros(columns.costs.size(), 0);
  const std::vector<double> ones(columns.costs.size(), 1);
  std::vector<double> lower(static_cast<std::size_t>(row), -1);
  std::vector<double> upper(static_cast<std::size_t>(row), 0);
  for (int line = 0; line < lines; ++line) {
    lower[static_cast<std::size_t>(line)] = upper[static_cast<std::size_t>(line)] = 1;
  }
  Cbc_Model* const model = Cbc_newModel();
  Cbc_setLogLevel(model, 0);
  Cbc_loadProblem(model, count, row, columns.starts.data(), columns.rows.data(),
                  columns.values.data(), zeros.data(), ones.data(), columns.costs.data(),
                  lower.data(), upper.data());
  for (int site = 0; site < sites; ++site) Cbc_setInteger(model, count - sites + site);
  Cbc_solve(model);
  const std::int64_t cost = std::llround(Cbc_getObjValue(model));
  const bool proven = Cbc_isProvenOptimal(model) != 0;
  Cbc_deleteModel(model);
  return proven ? std::optional(cost) : std::nullopt;
}

}  // namespace cairn::bench::raw
