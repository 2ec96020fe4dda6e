#pragma once
// What a replica has of a site and a node, in a few numbers. Reads a snapshot; any thread.

#include "core/storage/sqlite/connection.h"
#include "core/wire/message.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::storage {

/// Of the catalogue, which is large and seldom changes: kept between checks.
struct CatalogueSums {
  wire::FeedCursor at;
  std::vector<wire::TableSum> tables;
};

/// Keeps them for a day, so that rows which rot are found, too.
class CatalogueMemory {
 public:
  /// Nothing if they have to be read.
  [[nodiscard]] CatalogueSums at(MonoTime now) const;
  void keep(const CatalogueSums& sums, MonoTime now);

 private:
  CatalogueSums sums_;
  MonoTime read_at_;
};

struct ReplicaSums {
  std::vector<wire::FeedCursor> cursors;  ///< the feeds that this follows from
  bool at_rest = true;                    ///< every record of a node is confirmed
  CatalogueSums catalogue;
  std::vector<wire::TableSum> tables;  ///< of the site and the node
};

/// Who confirms records: the hub its own and everybody's by taking them, a device waits for it.
enum class Confirmed : std::uint8_t { kByItself, kByHub };

/// `known`: from an earlier call, used if the catalogue has not moved since.
ReplicaSums read_sums(Connection& connection, const SiteId& site, NodeId node, Confirmed confirmed,
                      const CatalogueSums& known);

/// Names of the tables that are not the same; one that only one side has is not.
std::vector<std::string> differing(std::vector<wire::TableSum> ours,
                                   std::vector<wire::TableSum> theirs);

/// All of it, as it travels.
std::vector<wire::TableSum> all_tables(const ReplicaSums& sums);

}  // namespace cairn::storage
