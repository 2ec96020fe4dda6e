#include "core/storage/salvage.h"

#include "core/base/assert.h"
#include "core/base/numbers.h"
#include "core/storage/folded_log.h"
#include "core/storage/sqlite/statement.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::storage {
namespace {

/// Runs what may meet a damaged page; false if it did.
template <class Work>
bool readable(const Work& work) {
  try {
    work();
    return true;
  } catch (const SqlFailure&) {
    return false;
  }
}

std::optional<SalvagedRecord> read_record(Connection& connection, FoldedLog& folded,
                                          std::int64_t author, const EventRef& ref) {
  std::optional<SalvagedRecord> found;
  readable([&] {
    Statement& select =
        connection.prepare("SELECT record, chain FROM event_log WHERE author = ?1 AND seq = ?2");
    if (select.bind(author, ref.seq).step()) {
      if (const auto chain = crypto::hash_from_bytes(select.blob(1))) {
        found = SalvagedRecord{ref, select.blob(0), *chain};
      }
    }
    select.reset();
  });
  if (found) return found;
  readable([&] {
    const auto one = folded.find(author, ref.seq);
    if (one && one->segment->chain) {
      found = SalvagedRecord{ref, one->record().record, one->segment->chains[one->at]};
    }
  });
  return found;
}

std::optional<std::int64_t> author_of(Connection& connection, NodeId node, Incarnation inc) {
  std::optional<std::int64_t> author;
  readable([&] {
    Statement& select = connection.prepare("SELECT id FROM author WHERE node = ?1 AND inc = ?2");
    if (select.bind(node.value(), inc.value()).step()) author = select.integer(0);
    select.reset();
  });
  return author;
}

std::uint64_t number(Connection& connection, const char* sql, NodeId node, Incarnation inc) {
  std::uint64_t value = 0;
  readable([&] {
    Statement& select = connection.prepare(sql);
    if (select.bind(node.value(), inc.value()).step()) value = select.unsigned_integer(0);
    select.reset();
  });
  return value;
}

std::optional<std::string> meta(Connection& connection, const std::string& name) {
  Statement& select = connection.prepare("SELECT value FROM meta WHERE name = ?1");
  if (!select.bind(name).step()) return std::nullopt;
  std::string value = select.blob(0);
  select.reset();
  return value;
}

void save_meta(Connection& writer, const std::string& name, const std::string& value) {
  writer.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")
      .bind(name, Blob{value})
      .run();
}

constexpr std::string_view kLost = "lost:";
constexpr std::string_view kSalvage = "salvage:";

}  // namespace

std::vector<DamagedLog> damaged_logs(const std::string& aside, NodeId node,
                                     std::optional<DamagedLog> guard) {
  std::vector<DamagedLog> logs;
  if (auto opened = Connection::open_reader(aside)) {
    const bool known = readable([&] {
      for (const OwnIncarnation& own : own_incarnations(*opened)) {
        logs.push_back({own.inc, own.why, own.acked});
      }
    });
    if (!known) {
      readable([&] {
        logs.clear();
        Statement& select = opened->prepare("SELECT inc FROM author WHERE node = ?1 ORDER BY id");
        select.bind(node.value());
        while (select.step()) {
          logs.push_back({Incarnation(select.unsigned_integer(0)), Beginning::kFirst, 0});
        }
      });
    }
    for (DamagedLog& log : logs) {
      log.last = std::max(
          {log.last,
           number(*opened, "SELECT head FROM author WHERE node = ?1 AND inc = ?2", node, log.inc),
           number(*opened,
                  "SELECT max(e.seq) FROM event_log e JOIN author a"
                  " ON a.id = e.author WHERE a.node = ?1 AND a.inc = ?2",
                  node, log.inc)});
    }
  }
  if (guard) {
    const auto same = std::ranges::find(logs, guard->inc, &DamagedLog::inc);
    if (same == logs.end()) {
      logs.push_back(*guard);
    } else {
      same->last = std::max(same->last, guard->last);
    }
  }
  return logs;
}

std::vector<SalvagedRecord> salvage(const std::string& aside, NodeId node, Incarnation inc,
                                    std::uint64_t after, std::uint64_t last) {
  std::vector<SalvagedRecord> all;
  auto opened = Connection::open_reader(aside);
  if (!opened) return all;
  const auto author = author_of(*opened, node, inc);
  if (!author) return all;
  FoldedLog folded(*opened);
  std::optional<crypto::Hash128> before;
  if (after == 0) {
    before = crypto::chain_start(node, inc);
  } else if (const auto row = read_record(*opened, folded, *author, {node, inc, after})) {
    before = row->chain;
  }
  for (std::uint64_t seq = after + 1; seq <= last; ++seq) {
    auto row = read_record(*opened, folded, *author, {node, inc, seq});
    const bool whole = row && (!before || crypto::chain_next(*before, row->octets) == row->chain);
    before = whole ? std::optional(row->chain) : std::nullopt;
    if (whole) all.push_back(*std::move(row));
  }
  return all;
}

std::vector<LostRecords> lost_records(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT name, value FROM meta WHERE name >= 'lost:' AND name < 'lost;' ORDER BY name");
  std::vector<LostRecords> all;
  select.bind();
  while (select.step()) {
    const std::string name = select.text(0).substr(kLost.size());
    const auto inc = parse_unsigned(std::string_view(name).substr(0, name.find(':')));
    const auto first = parse_unsigned(std::string_view(name).substr(name.find(':') + 1));
    const auto last = parse_unsigned(select.blob(1));
    if (inc && first && last) all.push_back({Incarnation(*inc), *first, *last});
  }
  return all;
}

void save_lost(Connection& writer, const LostRecords& lost) {
  save_meta(writer, fmt::format("{}{}:{}", kLost, lost.inc.value(), lost.first),
            fmt::format("{}", lost.last));
}

void save_salvage(Connection& writer, const SalvageTask& task) {
  save_meta(writer, fmt::format("{}{}", kSalvage, task.inc.value()),
            fmt::format("{} {} {}", task.last, task.hub_has, task.aside));
}

void hub_has_of_damaged(Connection& writer, Incarnation inc, std::uint64_t hub_has) {
  auto task = salvage_task(writer, inc);
  if (!task) return;
  task->hub_has = std::max(task->hub_has, hub_has);
  save_salvage(writer, *task);
}

std::optional<SalvageTask> salvage_task(Connection& connection, Incarnation inc) {
  const auto text = meta(connection, fmt::format("{}{}", kSalvage, inc.value()));
  if (!text) return std::nullopt;
  const std::size_t first = text->find(' ');
  const std::size_t second = text->find(' ', first + 1);
  CAIRN_ASSERT(second != std::string::npos, "save_salvage() wrote it");
  const auto last = parse_unsigned(std::string_view(*text).substr(0, first));
  const auto hub_has =
      parse_unsigned(std::string_view(*text).substr(first + 1, second - first - 1));
  CAIRN_ASSERT(last && hub_has, "save_salvage() wrote it");
  return SalvageTask{inc, *last, *hub_has, text->substr(second + 1)};
}

std::optional<SalvageTask> next_salvage(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT name FROM meta WHERE name >= 'salvage:' AND name < 'salvage;' ORDER BY name LIMIT 1");
  std::optional<std::uint64_t> inc;
  if (select.bind().step()) {
    if (const auto number = parse_unsigned(select.text(0).substr(kSalvage.size()))) inc = *number;
  }
  select.reset();
  return inc ? salvage_task(connection, Incarnation(*inc)) : std::nullopt;
}

void end_salvage(Connection& writer, Incarnation inc) {
  writer.prepare("DELETE FROM meta WHERE name = ?1")
      .bind(fmt::format("{}{}", kSalvage, inc.value()))
      .run();
}

}  // namespace cairn::storage
