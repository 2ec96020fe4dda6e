#include "core/runtime/detail/nearest_word.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace cairn::runtime {
namespace {

/// Optimal string alignment distance, row by row.
std::size_t typing_errors(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t wrong = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({wrong, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed,
                                        const std::set<std::string>& words) {
  constexpr std::size_t kMaxLetters = 64;  // keys are words; what is longer is not worth the time
  if (typed.size() > kMaxLetters) return std::nullopt;
  std::optional<std::string> nearest;
  std::size_t fewest = std::min<std::size_t>(2, (typed.size() - 1) / 2) + 1;
  for (const std::string& word : words) {
    const std::size_t errors = typing_errors(typed, word);
    if (errors >= fewest) continue;
    fewest = errors;
    nearest = word;
  }
  return nearest;
}

}  // namespace cairn::runtime
