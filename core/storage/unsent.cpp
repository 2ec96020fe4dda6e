#include "core/storage/unsent.h"

#include "core/storage/own_incarnations.h"
#include "core/storage/sqlite/connection.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

namespace cairn::storage {

std::optional<std::vector<UnsentRun>> unsent_runs(const std::string& database) {
  auto connection = Connection::open_reader(database);
  if (!connection) return std::nullopt;
  try {
    std::vector<UnsentRun> runs;
    for (const OwnIncarnation& own : own_incarnations(*connection)) {
      Statement& select = connection->prepare("SELECT max(head) FROM author WHERE inc = ?1");
      select.bind(own.inc.value());
      const std::uint64_t head = select.step() ? select.unsigned_integer(0) : 0;
      select.reset();
      if (!own.settled && head > own.acked) runs.push_back({own.inc, own.acked + 1, head});
    }
    return runs;
  } catch (const SqlFailure&) {
    return std::nullopt;
  }
}

std::string to_text(const std::optional<std::vector<UnsentRun>>& runs) {
  if (!runs) return "unknown";
  std::string text;
  for (const UnsentRun& run : *runs) {
    text += fmt::format("{}{:016x}: {} to {}", text.empty() ? "" : ", ", run.inc.value(), run.from,
                        run.to);
  }
  return text.empty() ? "none" : text;
}

}  // namespace cairn::storage
