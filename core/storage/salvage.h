#pragma once
// What a damaged database that was moved aside still tells: own records that the hub may lack, and
// which are lost. Loop; before it runs, the main thread.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/crypto/hash.h"
#include "core/storage/own_incarnations.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

/// An incarnation of this device, as far as its damaged database still tells.
struct DamagedLog {
  Incarnation inc;
  Beginning why = Beginning::kFirst;
  std::uint64_t last = 0;  ///< greatest number known to have been given
};
/// In their order. `guard_inc` and `guard_head`: what the guard file says, if there is one.
std::vector<DamagedLog> damaged_logs(const std::string& aside, NodeId node,
                                     std::optional<DamagedLog> guard);

struct SalvagedRecord {
  EventRef ref;
  Bytes octets;
  crypto::Hash128 chain{};
};
/// The records of an incarnation after `after` that can still be read whole and are what their
/// chain says.
std::vector<SalvagedRecord> salvage(const std::string& aside, NodeId node, Incarnation inc,
                                    std::uint64_t after, std::uint64_t last);

/// Own records that are nowhere any more.
struct LostRecords {
  Incarnation inc;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  friend bool operator==(const LostRecords&, const LostRecords&) = default;
};
/// All that were ever lost. Any connection; errors as in sqlite/connection.h.
std::vector<LostRecords> lost_records(Connection& connection);
void save_lost(Connection& writer, const LostRecords& lost);

/// Which damaged file has an incarnation's records, until they are salvaged.
struct SalvageTask {
  Incarnation inc;
  std::uint64_t last = 0;
  std::uint64_t hub_has = 0;  ///< up to here the hub has them
  std::string aside;
};
void save_salvage(Connection& writer, const SalvageTask& task);
void hub_has_of_damaged(Connection& writer, Incarnation inc, std::uint64_t hub_has);
std::optional<SalvageTask> salvage_task(Connection& connection, Incarnation inc);
/// Any one that is still to be done.
std::optional<SalvageTask> next_salvage(Connection& connection);
void end_salvage(Connection& writer, Incarnation inc);

}  // namespace cairn::storage
