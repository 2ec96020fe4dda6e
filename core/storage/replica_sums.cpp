#include "core/storage/replica_sums.h"

#include "core/storage/compared_rows.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace cairn::storage {
namespace {

constexpr Duration kKept = std::chrono::hours(24);

wire::FeedCursor cursor_of(Connection& connection, const std::string& feed) {
  Statement& select = connection.prepare("SELECT hub_gen, head FROM feed WHERE name = ?1");
  select.bind(feed);
  wire::FeedCursor cursor{feed, {}, 0};
  if (select.step()) {
    cursor.hub_gen = HubGeneration(static_cast<std::uint64_t>(select.integer(0)));
    cursor.fseq = select.unsigned_integer(1);
  }
  select.reset();
  return cursor;
}

/// An author's records are confirmed in their order: its last one tells for all.
bool all_confirmed(Connection& connection) {
  Statement& select = connection.prepare(
      "SELECT 1 FROM author a JOIN event_log e ON e.author = a.id AND e.seq = a.head"
      " WHERE length(a.chain) = 16 AND e.fseq IS NULL LIMIT 1");
  select.bind();
  const bool waiting = select.step();
  select.reset();
  return !waiting;
}

}  // namespace

CatalogueSums CatalogueMemory::at(MonoTime now) const {
  return now - read_at_ < kKept ? sums_ : CatalogueSums{};
}

void CatalogueMemory::keep(const CatalogueSums& sums, MonoTime now) {
  const bool read = sums.at != sums_.at || now - read_at_ >= kKept;
  sums_ = sums;
  if (read) read_at_ = now;
}

ReplicaSums read_sums(Connection& connection, const SiteId& site, NodeId node, Confirmed confirmed,
                      const CatalogueSums& known) {
  ReplicaSums sums;
  for (const std::string& feed :
       {std::string(wire::kCatalogueFeed), wire::site_feed(site), wire::node_feed(node)}) {
    sums.cursors.push_back(cursor_of(connection, feed));
  }
  sums.at_rest = confirmed == Confirmed::kByItself || all_confirmed(connection);
  if (!sums.at_rest) return sums;
  RowSums rows;
  const auto add = [&rows](std::string_view table, std::string_view row) { rows.add(table, row); };
  visit_site_rows(connection, site, add);
  visit_node_rows(connection, node, add);
  sums.tables = rows.tables();
  sums.catalogue = known;
  if (known.at != sums.cursors.front()) {
    RowSums reference;
    visit_reference_rows(connection, [&reference](std::string_view table, std::string_view row) {
      reference.add(table, row);
    });
    sums.catalogue = {sums.cursors.front(), reference.tables()};
  }
  return sums;
}

std::vector<std::string> differing(std::vector<wire::TableSum> ours,
                                   std::vector<wire::TableSum> theirs) {
  const auto less = [](const wire::TableSum& one, const wire::TableSum& other) {
    return std::tie(one.table, one.rows, one.sum) < std::tie(other.table, other.rows, other.sum);
  };
  std::sort(ours.begin(), ours.end(), less);
  std::sort(theirs.begin(), theirs.end(), less);
  std::vector<wire::TableSum> odd;
  std::set_symmetric_difference(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                                std::back_inserter(odd), less);
  std::vector<std::string> names;
  for (const wire::TableSum& table : odd) {
    if (names.empty() || names.back() != table.table) names.push_back(table.table);
  }
  return names;
}

std::vector<wire::TableSum> all_tables(const ReplicaSums& sums) {
  std::vector<wire::TableSum> all = sums.tables;
  all.insert(all.end(), sums.catalogue.tables.begin(), sums.catalogue.tables.end());
  return all;
}

}  // namespace cairn::storage
